import pytest
from django.test.utils import CaptureQueriesContext
from django.db import connection
from collections import Counter
import re
@pytest.mark.parametrize("what",["negotiation","signing","line","agreement"])
def test_q(world, client, what):
    from django.urls import reverse
    walk=world.walk()
    if what in("negotiation","line","agreement"): walk.to("informal","staff"); user=world.people.staff
    else: walk.to("signing","superior"); user=world.people.superior
    client.force_login(user)
    args=["2570-IMM-D1"]+([walk.agreement.lines.first().pk] if what=="line" else [])
    with CaptureQueriesContext(connection) as c:
        client.get(reverse("desk:"+what,args=args))
    import traceback
    print("=====",what,len(c))
    for q in c.captured_queries: print(re.sub(r"\s+"," ",re.sub(r'SELECT .*? FROM','SELECT … FROM',q["sql"]))[:230])
