"""A demonstration of the product: invented people, plans and figures (ข้อมูลสมมติเพื่อการสาธิต), walked by the real verbs."""
