"""What units write of their results: texts of a report, by how the line did and in which round."""

GOING_WELL = (
    "ดำเนินการตามแผนปฏิบัติราชการและติดตามผลเป็นรายเดือน ได้ผลการดำเนินงาน {value} {unit} ซึ่งบรรลุเป้าหมายที่กำหนด",
    "ปรับปรุงกระบวนงานและกระจายงานตามปริมาณจริง ทำให้ได้ผลการดำเนินงาน {value} {unit} สูงกว่าเป้าหมาย",
    "ประชุมติดตามความก้าวหน้าทุกเดือนและแก้ไขข้อขัดข้องทันที ผลการดำเนินงานอยู่ที่ {value} {unit} เป็นไปตามเป้าหมาย",
)
FALLING_SHORT = (
    "ดำเนินการตามแผนปฏิบัติราชการและติดตามผลเป็นรายเดือน ได้ผลการดำเนินงาน {value} {unit} ยังต่ำกว่าเป้าหมาย",
    "ดำเนินการครบทุกกิจกรรมตามแผน แต่ผลการดำเนินงาน {value} {unit} ยังไม่ถึงเป้าหมาย เนื่องจากปริมาณงานเพิ่มขึ้นมากในไตรมาสสุดท้าย",
    "ได้ผลการดำเนินงาน {value} {unit} ดีขึ้นกว่าปีก่อนแต่ยังไม่ถึงเป้าหมาย หน่วยได้จัดทำแผนเร่งรัดแล้ว",
)
ON_THE_WAY = (
    "ผลสะสมถึงวันสิ้นรอบ {value} {unit} อยู่ระหว่างดำเนินการตามแผน",
    "ดำเนินการตามขั้นตอนที่กำหนดสำหรับรอบนี้แล้ว ผลสะสม {value} {unit}",
    "ผลสะสม {value} {unit} คาดว่าจะบรรลุเป้าหมายเมื่อสิ้นปีงบประมาณ",
)
FACTORS = (
    "ผู้บังคับบัญชาติดตามผลอย่างใกล้ชิด และมีระบบสารสนเทศสนับสนุนการรายงานผล",
    "ได้รับความร่วมมือจากหน่วยงานที่เกี่ยวข้องในพื้นที่ และเจ้าหน้าที่ผ่านการอบรมแล้วร้อยละ 90",
    "มีการจัดทำแผนล่วงหน้าก่อนเริ่มปีงบประมาณและมอบหมายผู้รับผิดชอบรายตัวชี้วัด",
)
OBSTACLES = (
    "ปริมาณงานเพิ่มขึ้นในช่วงเทศกาล และกำลังพลบางตำแหน่งยังว่าง",
    "ข้อมูลจากหน่วยงานภายนอกได้รับล่าช้า ทำให้สรุปผลรายเดือนได้ไม่ตรงกำหนด",
    "งบประมาณได้รับจัดสรรในไตรมาสที่ 2 กิจกรรมบางส่วนจึงเลื่อนไปจากแผน",
)
REMEDIES = (
    "เกลี่ยกำลังพลตามปริมาณงาน และเร่งรัดการบรรจุแต่งตั้งทดแทน",
    "จัดทำข้อตกลงการส่งข้อมูลกับหน่วยงานภายนอกเป็นรายเดือน",
    "ปรับแผนกิจกรรมรายไตรมาสและรายงานผู้บังคับบัญชาทุกสองสัปดาห์",
)


def told(line, value, reporting_round):
    """The texts of a line's result in a round: narrative, factors, obstacles, remedies."""
    place = line.key + reporting_round.position
    reached = value <= line.target if line.criteria.direction == "lower" else value >= line.target
    narratives = (GOING_WELL if reached else FALLING_SHORT) if reporting_round.is_final else ON_THE_WAY
    narrative = _turn(narratives, place).format(value=f"{value.normalize():f}", unit=line.unit_of_measure)
    kinds = {"factors": FACTORS, "obstacles": OBSTACLES, "remedies": REMEDIES}
    return {"narrative": narrative, **{name: _turn(texts, place) for name, texts in kinds.items()}}


def _turn(texts, place):
    return texts[place % len(texts)]
