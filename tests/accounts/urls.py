"""The addresses of the product, and three small pages to carry forms to: the forms above come and go."""

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from accounts import carried
from accounts.step_up import PasswordStepUpForm
from config.urls import handler403, handler404, handler500, urlpatterns  # noqa: F401


class NoteForm(forms.Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea, strip=False)
    units = forms.MultipleChoiceField(choices=[("A", "A"), ("B", "B"), ("C", "C")], required=False)


SAVED = []


def note(request):
    """A form page as the product has them: on GET it binds what was carried, and saves on POST."""
    if request.method == "POST":
        form = NoteForm(request.POST)
        if form.is_valid():
            SAVED.append(form.cleaned_data)
            return HttpResponse("saved")
    else:
        form = NoteForm(carried.take(request))
    return HttpResponse(f"{''.join(str(message) for message in request._messages)}{form}")


@require_POST
def press(request):
    return HttpResponse("pressed")


def page_with_button(request):
    """A page whose form is sent elsewhere."""
    data = carried.take(request, action="/test/press/")
    told = "".join(str(message) for message in request._messages)
    return HttpResponse(f"{told}|{dict(data) if data else ''}")


def weigh(request):
    form = PasswordStepUpForm(request, request.POST or None)
    return HttpResponse(f"done {form.is_valid()}" if form.is_valid() else str(form))


urlpatterns = [
    *urlpatterns,
    path("test/note/", note),
    path("test/press/", press),
    path("test/page/", page_with_button),
    path("test/weigh/", weigh),
]
