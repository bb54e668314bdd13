"""Addresses of what people open."""

from django.urls import path, register_converter

from desk.converters import CodeConverter
from desk.views import (
    agreement,
    documents,
    evaluation,
    files,
    history,
    home,
    lines,
    listing,
    move,
    negotiation,
    plan,
    reports,
    signing,
    weights,
)

register_converter(CodeConverter, "code")

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("agreements/", listing.agreements, name="agreements"),
    path("agreements/new/<code:unit_code>/<int:year>/", home.create, name="create_agreement"),
    path("agreements/<code:code>/", agreement.agreement, name="agreement"),
    path("agreements/<code:code>/why/", agreement.why, name="why"),
    path("agreements/<code:code>/history/", history.history, name="history"),
    path("agreements/<code:code>/documents/", documents.documents, name="documents"),
    path("agreements/<code:code>/documents/<int:pk>/again/", documents.make_again, name="make_document_again"),
    path("agreements/<code:code>/move/<code:name>/", move.move, name="move"),
    path("agreements/<code:code>/plan/", plan.plan, name="plan"),
    path("agreements/<code:code>/plan/add/<code:kind>/<int:parent>/", plan.add_to_plan, name="add_plan_item"),
    path("agreements/<code:code>/plan/<int:pk>/", plan.save_in_plan, name="save_plan_item"),
    path("agreements/<code:code>/plan/<int:pk>/shift/<code:way>/", plan.shift_in_plan, name="shift_plan_item"),
    path("agreements/<code:code>/plan/<int:pk>/remove/", plan.remove_from_plan, name="remove_plan_item"),
    path("agreements/<code:code>/weights/", weights.weights, name="weights"),
    path("agreements/<code:code>/lines/add/", lines.add_line_to, name="add_line"),
    path("agreements/<code:code>/lines/<int:pk>/", lines.line, name="line"),
    path("agreements/<code:code>/lines/<int:pk>/field/", lines.line_field, name="line_field"),
    path("agreements/<code:code>/lines/<int:pk>/shift/<code:way>/", weights.shift_line_in, name="shift_line"),
    path("agreements/<code:code>/lines/<int:pk>/remove/", lines.remove_line_from, name="remove_line"),
    path("agreements/<code:code>/negotiation/", negotiation.negotiation, name="negotiation"),
    path("agreements/<code:code>/lines/<int:pk>/offer/", negotiation.offer, name="offer"),
    path("agreements/<code:code>/offers/<int:pk>/<code:answer>/", negotiation.answer_offer, name="answer_offer"),
    path("agreements/<code:code>/comments/", negotiation.comment, name="comment"),
    path("agreements/<code:code>/minutes/", negotiation.minutes, name="minutes"),
    path("agreements/<code:code>/signing/", signing.signing, name="signing"),
    path("agreements/<code:code>/signing/refuse/", signing.refuse_to_sign, name="refuse_to_sign"),
    path("agreements/<code:code>/reports/<int:position>/", reports.report, name="report"),
    path("agreements/<code:code>/reports/<int:position>/<int:key>/", reports.result, name="result"),
    path("agreements/<code:code>/reports/<int:position>/<int:key>/field/", reports.result_field, name="result_field"),
    path("agreements/<code:code>/reports/<int:position>/<int:key>/score/", reports.result_score, name="result_score"),
    path(
        "agreements/<code:code>/reports/<int:position>/<int:key>/evidence/",
        reports.add_evidence_to,
        name="add_evidence",
    ),
    path(
        "agreements/<code:code>/reports/<int:position>/<int:key>/evidence/<int:pk>/", reports.evidence, name="evidence"
    ),
    path(
        "agreements/<code:code>/reports/<int:position>/<int:key>/evidence/<int:pk>/remove/",
        reports.remove_evidence_from,
        name="remove_evidence",
    ),
    path("agreements/<code:code>/evaluation/", evaluation.evaluation, name="evaluation"),
    path("agreements/<code:code>/evaluation/field/", evaluation.finding_field, name="finding_field"),
    path("agreements/<code:code>/evaluation/<int:key>/score/", evaluation.finding_score, name="finding_score"),
    path("documents/<int:pk>/", files.document, name="document"),
    path("verify/", files.verify, name="verify"),
    path("verify/<code:code>/", files.verify_code, name="verify_code"),
]
