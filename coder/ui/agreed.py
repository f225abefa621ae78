"""Agreement: how far coders chose the same, code by code, with how sure that is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from coder import sentences
from coder.i18n import Texts
from coder.study import Agreement, Beside, Study
from coder.ui import figure, parts, session

_BESIDE: tuple[Beside, ...] = ("coders", "settled", "key", "later", "machine")
_HEAD = ("percent_agreement", "krippendorff_alpha", "mv_alpha", "gwet_ac1")
_TABLE = ("percent_agreement", "positive_agreement", "cohen_kappa", "fleiss_kappa",
          "brennan_prediger", "gwet_ac1", "krippendorff_alpha")  # fmt: skip


def show() -> None:
    """Draw the page."""
    texts, study = session.texts(), session.study()
    parts.title(texts, "agreement")
    round, beside, coder = _asked(study, texts)
    if study.hidden():
        st.info(texts("ui.hidden", count=len(study.hidden())), icon=":material/visibility_off:")
    if beside not in ("coders", "settled") and not coder:
        st.text(texts("agreed.choose_coder"))
        return
    key = study.path, study.state.no, round, beside, coder
    found = session.once("agreement", key, lambda: _computed(study, round, beside, coder, texts))
    paired = 0 if found.codes.empty else int(found.codes["n_paired"].max())
    if not paired:
        st.info(texts(f"agreed.none.{beside}"))
        return
    is_blind = beside == "later" and round and study.state.rounds[round].again
    _in_all(found, paired, "later_blind" if is_blind else beside, texts)
    _by_code(found, texts, round, beside, coder)
    _differences(study, round, beside, coder, texts)


def _computed(
    study: Study, round: str | None, beside: Beside, coder: str | None, texts: Texts
) -> Agreement:
    with st.spinner(texts("agreed.computing")):
        return study.agreement(beside, coder, round)


def _asked(study: Study, texts: Texts) -> tuple[str | None, Beside, str | None]:
    """Which round, and who is compared with whom; a link may say it."""
    state, asked = study.state, session.address(("round", "of"))
    labels = {id: each.label for id, each in state.rounds.items()}
    first, second, third = st.columns([2, 3, 2])
    rounds = ["", *labels]
    round = first.selectbox(
        texts("agreed.round"), rounds, format_func=lambda id: labels.get(id, texts("agreed.every")),
        index=rounds.index(asked["round"][0]) if asked.get("round", [""])[0] in labels else 0,
        key="agreement_round", placeholder=texts("ui.choose"),
    )  # fmt: skip
    of = asked.get("of", ["coders"])[0]
    beside = second.selectbox(
        texts("agreed.beside"), _BESIDE, format_func=lambda each: texts(f"agreed.of.{each}"),
        index=[*_BESIDE, of].index(of) % len(_BESIDE), key="agreement_of",
        placeholder=texts("ui.choose"),
    )  # fmt: skip
    if beside in ("coders", "settled"):
        return round or None, beside, None
    asked_for = state.rounds.get(round or "")
    names, own = list(state.coders), session.known_coder()
    if asked_for and asked_for.again:
        names = list(asked_for.coders)
        own = own if own in names else names[0]
    coder = third.selectbox(
        texts("agreed.coder"), names, format_func=state.coders.__getitem__,
        index=names.index(own) if own in names else None, key="agreement_coder",
        placeholder=texts("ui.choose"),
    )  # fmt: skip
    return round or None, beside, coder


def _in_all(found: Agreement, paired: int, about: str, texts: Texts) -> None:
    """The chief coefficients, and what each means."""
    rows = found.overall.set_index("coefficient")
    names = [name for name in _HEAD if name in rows.index and rows["value"].notna()[name]]
    st.caption(texts(f"agreed.about.{about}", count=texts.number(paired)))
    with st.container(key="counts_agreement"):
        for column, name in zip(st.columns(max(len(names), 1)), names, strict=False):
            row = rows.loc[name]
            value = row["value"]
            shown = texts.percent(value) if name == "percent_agreement" else texts.number(value, 2)
            column.metric(texts(f"agreement.name.{name}"), shown, border=True)
            if pd.notna(row["low"]):
                column.caption(_between(name, row["low"], row["high"], texts))
    with st.expander(texts("agreed.what_it_means")):
        for row in found.overall.to_dict("records"):
            st.text(sentences.agreement(texts, {str(key): value for key, value in row.items()}))


def _between(name: str, low: float, high: float, texts: Texts) -> str:
    if name == "percent_agreement":
        return texts("agreed.between", low=texts.percent(low), high=texts.percent(high))
    return texts("agreed.between", low=texts.number(low, 2), high=texts.number(high, 2))


def _by_code(found: Agreement, texts: Texts, *asked: str | None) -> None:
    st.header(texts("agreed.by_code"), anchor=False)
    doubts = {str(code): _doubts(str(code), found, texts) for code in found.codes["code"]}
    doubted = [code for code, some in doubts.items() if some]
    figure.show(
        "agreement",
        lambda: session.study().agreement_figure(texts, found, doubted),
        texts,
        *asked,
    )
    lines = [line for some in doubts.values() for line in some]
    if lines:
        with st.expander(texts("agreed.doubts", count=len(lines)), expanded=len(lines) < 6):
            for line in lines:
                st.text(line)
    with st.expander(texts("results.table")):
        _table(found, texts)


def _doubts(code: str, found: Agreement, texts: Texts) -> list[str]:
    rows = found.per_code[found.per_code["code"] == code].to_dict("records")
    uses = found.uses[found.uses["code"] == code]
    by_coder = dict(zip(uses["coder"], uses["uses"], strict=True))
    records = [{str(key): value for key, value in row.items()} for row in rows]
    return sentences.doubts_of_code(texts, code, records, by_coder)


def _table(found: Agreement, texts: Texts) -> None:
    """The codes in numbers: how common each is, and every coefficient with its interval."""
    counts = found.codes.set_index("code")
    shown = pd.DataFrame({texts("column.category"): counts.index})
    shown["n"] = [texts.number(each) for each in counts["n_paired"]]
    shown[texts("agreed.prevalence")] = [
        "–" if pd.isna(each) else texts.percent(each) for each in counts["prevalence"]
    ]
    for name in _TABLE:
        rows = found.per_code[found.per_code["coefficient"] == name].set_index("code")
        if rows["value"].notna().any():
            shown[texts(f"agreement.short.{name}")] = [
                " ".join(
                    (
                        sentences.decimal(texts, rows["value"].get(code)),
                        sentences.span(texts, rows["low"].get(code), rows["high"].get(code)),
                    )
                ).removesuffix(" –")
                for code in counts.index
            ]
    st.dataframe(shown, hide_index=True, height="content", key="agreement_table")


def _differences(
    study: Study, round: str | None, beside: Beside, coder: str | None, texts: Texts
) -> None:
    """For one who learns: every answer coded otherwise than it is settled. Else to the settling."""
    if beside != "key" or coder is None:
        if study.disagreements(round):
            parts.empty(
                texts("agreed.to_settle", count=len(study.disagreements(round))), "settling"
            )
        return
    st.header(texts("agreed.differences"), anchor=False)
    labels = study.labels()
    for each in study.differences(coder, round):
        with st.container(border=True, key=f"difference.{each.answer}"):
            st.caption(parts.plain(parts.answer_heading(each.answer)))
            parts.answer_text(each.answer)
            for who, codes in each.chosen.items():
                chose = ", ".join(labels[code] for code in codes) or texts("mark.nothing")
                name = study.state.coders.get(who, texts("agreed.key"))
                st.text(texts("agreed.chose", name=name, codes=chose))
            note = study.state.settled[each.answer].note
            if note:
                st.text(note)
