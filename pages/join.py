"""What am I asked to do now? A participant's page, on a phone first."""

from app import meeting, meeting_people, meeting_phone, session

release = session.release()
here = meeting.here()
if here is None or here.seat is not meeting.Seat.PARTICIPANT:
    meeting_people.door()
else:
    meeting_phone.draw(here, release)
