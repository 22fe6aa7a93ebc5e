"""The desk: where records are prepared, checked and released. It answers on this machine only, and on no other."""

import streamlit as st

from app import desk_view, each_to_its_end, show, theme
from rcs_core.errors import RcsError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def refuse_other_machines() -> None:
    """Stop when the server would answer another machine: children's records are read from here."""
    address = st.get_option("server.address")
    if address not in LOOPBACK:
        st.title("The desk does not open to other machines", anchor=False)
        show.error(
            RcsError(
                "the desk reads children's records, so it answers on this machine only",
                "server address",
                str(address or "every address of this machine"),
                "127.0.0.1",
                "stop it, and start it with `rcs desk FOLDER`",
            )
        )
        st.stop()


def main() -> None:
    """Refuse to be seen from elsewhere, then run the page that was asked for."""
    each_to_its_end.keep()
    st.set_page_config(page_title="RCS desk", page_icon=theme.MARK, layout="wide")
    theme.apply(theme.DESK_WORDMARK)
    refuse_other_machines()
    chosen = st.navigation(desk_view.pages(), position="top")
    st.markdown(":blue-background[**The desk, on this machine only.** Nothing you choose here is sent anywhere.]")
    try:
        chosen.run()
    except RcsError as error:
        show.error(error)


main()
