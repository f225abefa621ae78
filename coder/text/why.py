"""Why an answer stands where it was proposed."""

from __future__ import annotations

import numpy as np

from coder.model import Proposal, ProposalSet, WhyHere, Wordlist
from coder.text.prepare import COMPOUNDING, words
from coder.text.terms import term_table


def why_here(
    made: ProposalSet, answer: str, text: str, language: str, wordlist: Wordlist | None = None
) -> tuple[WhyHere, ...]:
    """For each of the proposals that an answer stands in: the answers most like it, shared terms.

    text : the answer's. The nearest answers may stand in other proposals, which tells something
    too; of more than 4,000 distinct texts they are from the sample that was grouped. Empty when
    the answer stands in none, or the set was made before there were trees; then nobody knows.
    """
    standing = [each for each in made if answer in each.answers]
    return tuple(
        WhyHere(
            answer,
            each.id,
            _near(made, each, answer),
            _shared(each.terms, _own(each, answer, text), language, wordlist),
        )
        for each in standing
        if made.tree
    )


def _own(proposal: Proposal, answer: str, text: str) -> str:
    """What of the answer stands in the proposal."""
    if not proposal.spans:
        return text
    spans = proposal.spans[proposal.answers.index(answer)]
    return "\n".join(text[start:end] for start, end in spans)


def _near(made: ProposalSet, proposal: Proposal, answer: str) -> tuple[str, ...]:
    tree = made.tree
    if tree is None:
        return ()
    spans = proposal.spans[proposal.answers.index(answer)] if proposal.spans else ()
    rows = [at for at, each in enumerate(tree.units) if each == answer]
    rows = [at for at in rows if not spans or tree.spans[at] in spans]
    found = dict.fromkeys(tree.units[near] for at in rows for near in tree.near[at])
    return tuple(each for each in found if each != answer)


def _shared(
    terms: tuple[str, ...], text: str, language: str, wordlist: Wordlist | None
) -> tuple[str, ...]:
    """Those of the terms that the text has, in whatever form or compound."""
    table = term_table(words([text, *terms], language), language in COMPOUNDING, wordlist)
    has = table.has.toarray() > 0
    lengths = np.array([len(term) for term in table.terms])
    # A term of two words has its words as terms too, and a compound its parts: the longest is it.
    whole = (has[1:] * lengths).argmax(axis=1) if len(lengths) else []
    return tuple(
        term for term, row, at in zip(terms, has[1:], whole, strict=False) if has[0, at] and row[at]
    )
