"""Where are we, and what is on the table?"""

from app import navigation, session, show

release = session.release()
show.question("Where are we, and what is on the table?")
for screen in navigation.present():
    navigation.link(screen)
