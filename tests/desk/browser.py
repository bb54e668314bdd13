"""A browser without JavaScript: opens pages, fills in the forms that stand there, and sends all that they hold."""

from html.parser import HTMLParser
from urllib.parse import urlsplit


class Browser:
    """One person at the test client. `at` is the page that was opened last."""

    def __init__(self, client, user):
        self.client, self.page = client, None
        self.client.force_login(user)

    def open(self, url):
        """The Page at `url`, through any redirects."""
        answer = self.client.get(url, follow=True)
        url = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        self.page = Page(answer, urlsplit(url).path)
        return self.page

    def send(self, form, **files):
        """Send a form of the open page; gives the answer, not followed."""
        data = [(name, value) for name, value in form.fields.items()]
        return self.client.post(
            form.action, {**dict(data), **files}, headers={"Referer": "http://testserver" + self.page.url}
        )

    def sign_in_again(self, answer, password, user):
        """Sign in on the page that held back what was sent; gives the Page that one lands on."""
        door = Page(answer, "").form("/sign-in/")
        door.fields |= {"username": user.username, "password": password}
        landed = self.client.post(door.action, door.fields)
        assert landed.status_code == 302, "not let in"
        return self.open(landed.url)


class Form:
    """A form as it stands on a page: where it is sent, and what would be sent."""

    def __init__(self, action, name=""):
        self.action, self.name, self.fields = action, name, {}
        self.ids, self.saving = {}, {}  # of its controls, by their name; where each saves itself when it is left

    @property
    def path(self):
        """Where it is sent, without the place on the page to which the answer scrolls."""
        return self.action.partition("#")[0]


class Page(HTMLParser):
    """The forms of a page, and the sentences said at their fields."""

    def __init__(self, answer, url):
        super().__init__(convert_charrefs=True)
        self.status, self.url, self.text = answer.status_code, url, answer.content.decode()
        self.forms, self.said = [], {}
        self._form = self._select = self._area = self._listening = None
        self.feed(self.text)
        self.close()

    def form(self, action, holding=None):
        """The form that is sent to `action` (and holds a field called so)."""
        found = [form for form in self.forms if form.path == action and (holding is None or holding in form.fields)]
        assert found, (
            f"no form to {action} with {holding} at {self.url}, only to {[form.action for form in self.forms]}"
        )
        return found[0]

    def errors(self, form, name):
        """What is said at a field."""
        return " ".join(self.said.get(f"{form.ids[name]}_error", []))

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        handle = getattr(self, f"_open_{tag}", None)
        if handle:
            handle(said)
        if said.get("id", "").endswith("_error"):
            self._listening = self.said.setdefault(said["id"], [])

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            form, name = self._area
            form.fields[name] = form.fields[name].removeprefix("\n").replace("\r\n", "\n")
            self._area = None
        elif tag == "ul":
            self._listening = None

    def handle_data(self, data):
        if self._area:
            form, name = self._area
            form.fields[name] += data
        elif self._listening is not None and data.strip():
            self._listening.append(data.strip())

    def _open_form(self, said):
        self._form = Form(said.get("action") or self.url, said.get("id", ""))
        self.forms.append(self._form)

    def _owner(self, said):
        """The form that a control belongs to: the one round it, or the one it names."""
        named = said.get("form")
        return next(form for form in self.forms if form.name == named) if named else self._form

    def _control(self, said):
        form, name = self._owner(said), said.get("name")
        if form is None or not name or "disabled" in said:
            return None, None
        form.ids.setdefault(name, said.get("id", ""))
        form.saving[name] = said.get("hx-post", "")
        return form, name

    def _open_input(self, said):
        form, name = self._control(said)
        kind = said.get("type", "text")
        chosen = kind not in ("radio", "checkbox") or "checked" in said
        if form and chosen and kind not in ("submit", "button", "file", "image", "reset"):
            form.fields[name] = said.get("value", "")

    def _open_textarea(self, said):
        form, name = self._control(said)
        if form:
            form.fields[name] = ""
            self._area = form, name

    def _open_select(self, said):
        self._select = self._control(said)

    def _open_option(self, said):
        form, name = self._select or (None, None)
        if form and ("selected" in said or name not in form.fields):
            form.fields[name] = said.get("value", "")
