"""A person in a browser, as far as Carrel's pages need one: cookies, forms as the pages have them, and the header that browsers send with them."""

import html.parser
import os

import requests

url = os.environ["CARREL_URL"]


class Browser:
    """One browser of one person."""

    def __init__(self):
        self._session = requests.Session()

    def get(self, path):
        """Opens a page."""
        return self._session.get(url + path, timeout=60)

    def submit(self, page, **fields):
        """Fills the first form of a page in and sends it."""
        form = _Form(page.text)
        assert form.action is not None, f"there is no form on {page.url}: {page.text}"
        missing = set(fields) - form.names
        assert not missing, f"the form {form.action} has no {missing}"
        return self._session.post(url + form.action, data={**form.values, **fields}, headers={"Origin": url}, timeout=60)

    def sign_in(self, name, password, new_password=None):
        """Signs in, by way of a new password when one is given; the page that comes then."""
        page = self.submit(self.get("/signin"), username=name, password=password)
        if new_password is not None:
            assert "Choose a new password" in page.text, page.text
            assert "Signed in as" not in self.get("/").text, "the given password signed somebody in"
            page = self.submit(page, current=password, new=new_password, again=new_password)
        assert f"Signed in as {name}" in page.text, page.text
        return page

    def answer_device(self, code, answer):
        """Types a device's code and answers; what was shown before, and after."""
        asked = self.submit(self.get("/device"), user_code=code)
        assert code in asked.text, asked.text
        return asked.text, self.submit(asked, answer=answer).text


class _Form(html.parser.HTMLParser):
    """The first form of a page."""

    def __init__(self, text):
        super().__init__()
        self.action, self.names, self.values, self._inside = None, set(), {}, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form" and self.action is None:
            self.action, self._inside = attributes["action"], True
        elif self._inside and tag in ("input", "button") and "name" in attributes:
            self.names.add(attributes["name"])
            if tag == "input":
                self.values[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
