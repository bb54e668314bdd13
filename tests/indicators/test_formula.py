"""The computable formula: what it reads, what it gives exactly, what it refuses and how it is set."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from html import unescape
from time import perf_counter

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.formula import CannotCompute, FormulaError, name_problem, parse, problems
from indicators.formula_text import DEEPEST, LONGEST
from thai.numbers import to_arabic

NAMES = ("A", "B", "ผู้ผ่านเกณฑ์", "จำนวน2")
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=4)
values_of_all = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))


def _value(text, **values):
    return parse(text).evaluate({name: Decimal(value) for name, value in values.items()}).value


@pytest.mark.parametrize(
    ("text", "values", "value"),
    [
        ("A ÷ B × 100", {"A": "437", "B": "500"}, "87.4"),
        ("A / B * 100", {"A": "1", "B": "3"}, "33.3333"),
        ("A ÷ 3 × 3", {"A": "1"}, "1"),
        ("33.333 × 3", {}, "99.999"),
        ("1 ÷ 3 × 0.00015", {}, "0.0001"),  # exactly half of the last place: up
        ("1 − 2 − 3", {}, "-4"),
        ("8 ÷ 4 ÷ 2", {}, "1"),
        ("1 + 2 × 3", {}, "7"),
        ("(1 + 2) × 3", {}, "9"),
        ("−A", {"A": "5"}, "-5"),
        ("−A + 3", {"A": "5"}, "-2"),
        ("2 × −3", {}, "-6"),
        ("(ใหม่ − เก่า) ÷ เก่า × 100", {"ใหม่": "90", "เก่า": "120"}, "-25"),
        ("A × ๑๐๐", {"A": "0.5"}, "50"),
        ("min(A, B, 2)", {"A": "3", "B": "7"}, "2"),
        ("max(A, B)", {"A": "3", "B": "7"}, "7"),
        ("sum(A, B, 1)", {"A": "3", "B": "7"}, "11"),
        ("mean(A, B)", {"A": "3", "B": "8"}, "5.5"),
        ("if(A ≥ B, 5, 1)", {"A": "3", "B": "3"}, "5"),
        ("if(A <> B, 5, 1)", {"A": "3", "B": "3"}, "1"),
        ("if(B = 0, 0, A ÷ B)", {"A": "3", "B": "0"}, "0"),
        ("IF(A < B, max(A, 1), B)", {"A": "0", "B": "3"}, "1"),
    ],
)
def test_a_formula_gives_what_it_says(text, values, value):
    assert _value(text, **values) == Decimal(value)


def test_names_are_found_once_each_in_their_order():
    assert parse("(ข + ก) ÷ ข × min(C, if(D > 0, ก, E))").names == ("ข", "ก", "C", "D", "E")


@pytest.mark.parametrize(
    ("text", "values", "says"),
    [
        ("A ÷ B", {"A": "1", "B": "0"}, "ตัวหาร B เป็น 0"),
        ("A ÷ (B − C)", {"A": "1", "B": "2", "C": "2"}, "B − C = 2 − 2"),
        ("A ÷ B", {"A": "1"}, "ยังไม่มีตัวเลขของ B"),
        ("A × 99999999999 × 10", {"A": "1"}, "เกินกว่าที่ผลงานจะเก็บได้"),
        ("A × A × A", {"A": "99999999999"}, "ตัวเลขระหว่างการคำนวณใหญ่เกินไป"),
    ],
)
def test_what_cannot_be_computed_gets_a_sentence(text, values, says):
    with pytest.raises(CannotCompute) as why:
        _value(text, **values)
    assert says in str(why.value)


def test_sums_on_the_way_are_written_with_all_their_digits():
    """Thirty digits: arithmetic of decimals would drop the last two."""
    steps = parse("(A × A) ÷ A").evaluate({"A": Decimal("98765432109.8765")}).steps
    assert any("= 9,754,610,579,850,623,990,368.84525225" in step.text for step in steps), steps


def test_a_blank_is_no_zero():
    with pytest.raises(CannotCompute):
        parse("A + B").evaluate({"A": Decimal(1), "B": None})
    assert _value("A + B", A="1", B="0") == 1


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", 0),
        ("A +", 3),
        ("* A", 0),
        ("A B", 2),
        ("A + (B", 4),
        ("A)", 1),
        ("A, B", 1),
        ("1,000 + A", 2),
        ("min(1,000, A)", 6),
        ("A ^ 2", 2),
        ("A ** 2", 2),
        ("A %", 2),
        ("foo(A)", 0),
        ("min + 1", 0),
        ("min()", 4),
        ("if(A, B, C)", 0),
        ("if(A > B, 1)", 0),
        ("A > B", 2),
        ("1e400", 1),
        ("1.2.3", 3),
        ("A.b", 1),
        ("A[0]", 1),
        ("__import__('os')", 11),
        ("A; B", 1),
        ("A = B", 2),
        ("่A", 0),
        ("9" * 16, 0),
    ],
)
def test_what_is_no_formula_is_refused_with_its_place(text, where):
    with pytest.raises(FormulaError) as wrong:
        parse(text)
    assert wrong.value.where == where
    assert str(wrong.value).endswith((".", ")", "คำนวณ", "แทน", "ได้")) or len(str(wrong.value)) > 10


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "−" * (LONGEST - 1) + "A",
        "(" * (DEEPEST + 1) + "A" + ")" * (DEEPEST + 1),
        "A" + " ÷ A" * (DEEPEST + 1),
        "min(" * 200 + "A" + ")" * 200,
        "A" * 1_000_000,
        "9" * 1_000_000,
        "A+" * 500_000 + "A",
    ],
)
def test_hostile_texts_are_refused_at_once(text):
    began = perf_counter()
    with pytest.raises(FormulaError):
        parse(text)
    assert perf_counter() - began < 1


def test_the_longest_formula_of_the_longest_numbers_costs_little():
    began = perf_counter()
    for text in ("×".join(["999999999999999"] * 62), "+".join(f"1÷{10**14 + 2 * place + 1}" for place in range(52))):
        formula = parse(text)
        try:
            formula.evaluate({})
        except CannotCompute:
            continue
    wide = parse("+".join("A" * 500))
    assert wide.evaluate({"A": Decimal(1)}).value == 500
    assert wide.written().count("+") == 499
    assert perf_counter() - began < 1


def test_the_working_shows_the_formula_the_numbers_each_sum_and_the_rounding():
    steps = parse("(ก + ข) ÷ ค × 100").evaluate({"ก": Decimal(300), "ข": Decimal(1140), "ค": Decimal(1700)}).steps
    assert [step.text for step in steps] == [
        "(ก + ข) ÷ ค × 100",
        "(300 + 1,140) ÷ 1,700 × 100",
        "300 + 1,140 = 1,440",
        "1,440 ÷ 1,700 × 100 = 84.70588235…",
        "84.70588235… ≈ 84.7059 (ปัดครึ่งขึ้น 4 ตำแหน่ง)",
    ]


def test_what_fits_together_and_what_does_not_is_said():
    found = {problem.rule: problem for problem in problems("A ÷ B", ["A", "C", "C", "mean", "1ก"])}
    assert set(found) == {"names_are_known", "values_are_used", "names_differ", "names_are_names"}
    assert "“B”" in found["names_are_known"].sentence
    assert not found["values_are_used"].refuses
    assert problems("", ["A", ""]) == []
    assert problems("A ÷ B", ["B", "A"]) == []


@pytest.mark.parametrize("name", ["ก ข", "2A", "A-B", "if", "MEAN", "ก" * 41, "่า", "A.b", "A\u200bB"])
def test_what_no_value_can_be_called(name):
    assert name_problem(name)


def test_set_formulas_read_in_order_without_the_bars():
    formula = parse("(A + B) ÷ (C − 1) × 100 + if(A > 2, min(A, B), −C)")
    html = render_to_string("indicators/_formula.html", {"part": formula.typeset()})
    assert html.count('class="frac"') == 1
    assert _read(html) == "(A + B) ÷ (C − 1) × 100 + [ถ้า A > 2 ให้ใช้ ค่าต่ำสุดของ (A, B) มิฉะนั้นให้ใช้ −C]"
    filled = render_to_string("indicators/_formula.html", {"part": formula.typeset({"A": Decimal(5)})})
    assert _read(filled).startswith("(5 + B) ÷")


def _read(html):
    return to_arabic(unescape(strip_tags(html)).strip())


def test_what_was_typed_is_escaped_and_the_deepest_formula_can_be_set():
    deepest = parse("1 ÷ (" * (DEEPEST // 2 - 1) + "A" + ")" * (DEEPEST // 2 - 1))
    assert render_to_string("indicators/_formula.html", {"part": deepest.typeset()}).count('class="frac"') == 5
    assert parse("if(1 < A, 1, 2)").written() == "if(1 < A, 1, 2)"
    assert "&lt;" in render_to_string("indicators/_formula.html", {"part": parse("if(1<A,1,2)").typeset()})


def _pair(strategy):
    return st.tuples(strategy, strategy)


def _combined(inner):
    """(text, how to compute it): the text in full brackets, the sum in fractions."""
    sums = [
        ("+", lambda a, b: lambda v: a(v) + b(v)),
        ("−", lambda a, b: lambda v: a(v) - b(v)),
        ("×", lambda a, b: lambda v: a(v) * b(v)),
        ("÷", lambda a, b: lambda v: a(v) / b(v)),
    ]
    made = [
        _pair(inner).map(lambda p, s=sign, f=f: (f"({p[0][0]} {s} {p[1][0]})", f(p[0][1], p[1][1]))) for sign, f in sums
    ]
    made.append(inner.map(lambda p: (f"(−{p[0]})", lambda v: -p[1](v))))
    made.append(_pair(inner).map(lambda p: (f"max({p[0][0]}, {p[1][0]})", lambda v: max(p[0][1](v), p[1][1](v)))))
    made.append(
        _pair(inner).map(
            lambda p: (
                f"if({p[0][0]} < {p[1][0]}, {p[1][0]}, 3)",
                lambda v: p[1][1](v) if p[0][1](v) < p[1][1](v) else Fraction(3),
            )
        )
    )
    return st.one_of(made)


leaves = st.one_of(
    st.sampled_from(NAMES).map(lambda name: (name, lambda v: Fraction(v[name]))),
    st.decimals(min_value=0, max_value=10**6, places=4).map(lambda n: (f"{n:f}", lambda v: Fraction(n))),
)


@given(st.recursive(leaves, _combined, max_leaves=6), values_of_all)
def test_every_formula_gives_the_exact_fraction_rounded_once(made, values):
    text, oracle = made
    formula = _read_or_none(text)
    assume(formula is not None)
    try:
        exact = oracle(values)
    except ZeroDivisionError:
        exact = None
    try:
        computed = formula.evaluate(dict.fromkeys(NAMES, None) | values)
    except CannotCompute:
        assume(exact is not None and abs(exact) < 10**11)  # a sum on the way was too large
        with translation.override("en"), pytest.raises(CannotCompute, match="too large"):
            formula.evaluate(values)
        return
    assert computed.exact == exact
    wide = Context(prec=120)
    quotient = wide.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    assert abs(computed.value - quotient) <= Decimal("0.00005")
    if Fraction(quotient) == exact:
        assert computed.value == quotient.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP, context=wide)


@given(st.recursive(leaves, _combined, max_leaves=6), values_of_all)
def test_a_formula_written_out_and_read_again_is_the_same_formula(made, values):
    formula = _read_or_none(made[0])
    assume(formula is not None)
    again = _read_or_none(formula.written())
    assume(again is not None)  # brackets that precedence asks for may make it one level too deep
    assert again.written() == formula.written()
    assert set(again.names) == set(formula.names)
    assert _exact(again, values) == _exact(formula, values)


def _read_or_none(text):
    try:
        return parse(text)
    except FormulaError:
        return None


def _exact(formula, values):
    try:
        return formula.evaluate(values).exact
    except CannotCompute as why:
        return str(why)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(text):
    formula, wrong = None, None
    try:
        formula = parse(text)
    except FormulaError as error:
        wrong = error
    assert formula.written() if formula else str(wrong)
    assert wrong is None or 0 <= wrong.where <= len(text)
