"""Each drawing of a page reaches its browser to the end, and as it was drawn.

Where a look for news (`run_every`) comes just when a page was drawn and is still on its way to the browser, Streamlit 1.67

- starts the next runner at once, and throws away what the one that has ended had still to send: the page stays half drawn;
- takes the place of the fragment out of the page that is on its way: the browser moves what follows up into the gap, and the
  fragment that comes next is put in place of something else. A line of the page is gone, or the whole page is blank.

Here the next runner waits until the one before has said that it is done, which it always says last, and nothing that is on its
way is taken out for a fragment. The tests show each fault in Streamlit as it is: where one of them fails, this can go.
"""

from functools import wraps
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

PAUSE = 0.005
"""Seconds between two looks whether the runner before has said that it is done."""
_start, _clear = AppSession._create_scriptrunner, ForwardMsgQueue.clear
_waiting: WeakKeyDictionary[AppSession, list[RerunData]] = WeakKeyDictionary()


@wraps(_start)
def _after_the_last(session: AppSession, wanted: RerunData) -> None:
    """Start a runner for a drawing that is wanted as soon as no other has anything to send, each in its turn."""
    before = _waiting.get(session)
    if before:
        before.append(wanted)
    elif session._scriptrunner is None:
        _start(session, wanted)
    else:
        _waiting[session] = [wanted]
        session._event_loop.call_soon_threadsafe(_go_on, session)


def _go_on(session: AppSession) -> None:
    """Draw what waits, once the runner before is done; nothing is drawn for a page that was closed."""
    if session._scriptrunner is not None:
        session._event_loop.call_later(PAUSE, _go_on, session)
        return
    wanted = _waiting.pop(session)
    if session._state is AppSessionState.SHUTDOWN_REQUESTED:
        return
    for one in wanted:
        runner = session._scriptrunner
        if not (runner and runner.request_rerun(one)):
            _after_the_last(session, one)


@wraps(_clear)
def _leave(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
    """Clear what waits for the browser; for a fragment nothing is, and nothing that comes is merged with what waits."""
    if retain_lifecycle_msgs and fragment_ids_this_run is not None:
        queue._delta_index_map = {}
    else:
        _clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)


def keep() -> None:
    """See to both for every page of this server, from now on."""
    AppSession._create_scriptrunner = _after_the_last  # type: ignore[method-assign]
    ForwardMsgQueue.clear = _leave  # type: ignore[method-assign]
