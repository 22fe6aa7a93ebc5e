"""Where is this session, and what comes next?"""

from app import meeting, meeting_deed, meeting_home, meeting_list, session, show

LEAD = (
    "A facilitated session is prepared on one version of the data, run step by step, closed with what was decided, and looked at "
    "again six weeks later."
)

release, here = session.release(), meeting.here()
show.question("Where is this session, and what comes next?", "" if here else LEAD)
meeting_deed.told()
if here is None:
    meeting_list.draw(release)
else:
    meeting_home.draw(here, release)
show.caveats(
    [
        "What is recorded here is kept, with names unless a vote says otherwise. It is never erased, and may have to be "
        "disclosed under freedom of information.",
        "A vote shows what a room thinks on a day. It decides nothing: a body with the purse does.",
    ],
    "What to know before recording",
)
