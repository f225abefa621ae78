"""Whether anything on a page is wider than there is room for."""

from __future__ import annotations

from playwright.sync_api import Page


def too_wide(page: Page) -> list[str]:
    """What a window is too narrow for, other than grids and pictures that scroll by themselves."""
    return _at_rest(page, _SIDEWAYS)


def cut_off(page: Page) -> list[str]:
    """Words of buttons, tabs and headings that reach out of what cuts them off."""
    return _at_rest(page, _CUT_OFF)


def _at_rest(page: Page, script: str) -> list[str]:
    """What a script finds: nothing, or still the same 100 frames on."""
    found: list[str] = page.evaluate(f"""async () => {{
      const look = {script};
      for (let frame = 0; frame < 100 && look().length; frame++)
        await new Promise(requestAnimationFrame);
      return look();
    }}""")
    return found


_SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll(
    '[data-testid=stAppViewContainer], [data-testid=stMain],'
    + '[data-testid=stMainBlockContainer],'
    + '[data-collapsed=false] [data-testid=stSidebarContent]')]
  .filter(each => each.scrollWidth > each.clientWidth + 1 || each.clientWidth > innerWidth)
  .map(each => `${each.tagName} ${each.dataset.testid}: ${each.scrollWidth}`)"""

# What is only for screen readers has a box of one pixel.
_CUT_OFF = """() => [
    ...document.querySelectorAll('main :is(button, h1, h2, h3, label, [role=tab])')]
  .flatMap(box => [box, ...box.querySelectorAll('*')])
  .filter(each => each.checkVisibility() && each.clientWidth > 1)
  .filter(each => ['hidden', 'clip'].includes(getComputedStyle(each).overflowX))
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent)"""
