"""Which words of another language are on a page: what no reader of this one should meet."""

from __future__ import annotations

import re
from functools import cache

from playwright.sync_api import Page

from coder.i18n import Language, load_texts
from coder.study import Study
from tests.browser.running import shown

_OTHER: dict[Language, Language] = {"da": "en", "en": "da"}
# The name of a language is written in that language.
_NAMES = {"Dansk", "English"}
# What Streamlit itself says in English, and can't be told not to: on the page, and read aloud.
_STREAMLITS_OWN = {"Skip to main content", "Upload"}  # the first shows when one tabs into the page
_READ_ALOUD = {
    "Sidebar",
    "Collapse sidebar",
    "Expand sidebar",
    "App pages",
    "progress",
    "check_circle icon",
    "Decrement",
    "Increment",
    "Open",
    "Fullscreen",
    "Show/hide columns",
    "Download as CSV",
    "Search",
    "file upload",
    "Clear all",
}
# Before a name of ours.
_BEFORE = re.compile(
    "^(Help for |Fullscreen: |Show/hide columns: |Download as CSV: |Search: |Remove )"
)


def words(texts: object) -> set[str]:
    """The words of two letters or more, in small letters."""
    return set(re.findall(r"[^\W\d_]{2,}", str(texts).lower()))


# Other English words of Streamlit that must not come up. (Both languages have "app" and "data".)
_STREAMLIT = words(
    "upload browse drag drop choose select option options results enter press apply submit "
    "required connecting running rerun stop deploy settings manage cache loading error traceback "
    "close expand collapse fullscreen download search sort ascending descending hide page found "
    "show more less help"
)


def foreign_words(page: Page, language: Language, study: Study) -> set[str]:
    """The words on a page, shown or read aloud, that its language does not have."""
    foreign = only_in(_OTHER[language], language) | (_STREAMLIT if language == "da" else set())
    texts = set(shown(page)) - _STREAMLITS_OWN - _NAMES
    aloud = set(page.locator("[aria-label]").evaluate_all(_ARIA_LABELS)) - _READ_ALOUD - _NAMES
    ours = [_BEFORE.sub("", each) for each in aloud]
    return words([sorted(texts), ours]) & foreign - words_of_study(study)


@cache
def only_in(language: Language, other: Language) -> set[str]:
    """The words of our texts that only this language has."""

    def every(each: Language) -> set[str]:
        sentences = load_texts(each).sentences
        ours = [text for key, text in sentences.items() if not key.startswith(("cli.", "gate."))]
        return words([re.sub(r"{\w+[:}]", "", text) for text in ours])

    return every(language) - every(other)


def words_of_study(study: Study) -> set[str]:
    """The words of the survey and of the log, which are in the language of those who wrote them."""
    survey = study.survey
    tables = (survey.answers, survey.respondents)
    cells = [table.astype(str).to_numpy().tolist() for table in tables]
    proposals = study.proposals()
    terms = [proposal.terms for proposal in proposals] if proposals else []
    return words([cells, terms, study.questionnaire, study.state.codes, study.recipe()])


_ARIA_LABELS = """found => found.filter(each => each.checkVisibility())
  .map(each => each.getAttribute('aria-label'))"""  # what is not displayed is not read aloud
