"""What is made once for everybody: the same for all, told apart by what it is, bounded, and never another's."""

import gc
import threading
from dataclasses import dataclass

import pandas as pd
from streamlit.testing.v1 import AppTest

from app import drawn


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that counts how often it is asked for its rows."""

    asked: list[int]

    def frame(self) -> pd.DataFrame:
        self.asked.append(1)
        return pd.DataFrame({"n": [len(self.asked)]})


def test_an_answer_is_asked_once_and_another_one_is_another() -> None:
    one, other = Answer([]), Answer([])
    first = drawn.kept(one.frame)
    assert drawn.kept(one.frame) is first
    assert len(one.asked) == 1
    assert drawn.kept(other.frame) is not first
    assert one == other
    assert drawn.kept(round, 2.5) is not drawn.kept(round, True)
    assert drawn.kept(str, 1) == "1"
    assert drawn.kept(str, True) == "True"


def test_what_is_kept_is_bounded_and_nothing_is_mistaken_for_what_was_there_before() -> None:
    small = drawn._Kept(4)
    for k in range(200):
        answer = Answer([])
        frame = small.of(answer.frame, ())
        assert len(answer.asked) == 1, k
        assert small.print_of(frame) == small.print_of(frame.copy()), k
        gc.collect(0)
    assert len(small._found) == len(small._prints) == 4


def test_readers_who_come_at_once_all_get_the_same_thing() -> None:
    answer, found = Answer([]), []
    start = threading.Barrier(8)

    def read() -> None:
        start.wait()
        found.append(drawn.kept(answer.frame))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len({id(frame) for frame in found}) == 1


def test_a_table_is_known_by_its_rows_even_where_somebody_changed_them_in_place() -> None:
    frame = pd.DataFrame({"n": [1.0, None], "said": ["a", "b"]})
    before = drawn.fingerprint(frame)
    assert before == drawn.fingerprint(frame.copy())
    frame.loc[0, "n"] = 2.0
    assert drawn.fingerprint(frame) != before


def page() -> None:
    import pandas as pd
    import streamlit as st

    from app import show

    n = st.number_input("n", value=1, key="n")
    show.table(pd.DataFrame({"Group": ["a", "b"], "n": [str(n), "[c]"]}), "Groups")


def test_a_table_that_was_drawn_before_is_drawn_again_with_its_marks() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    first = (app.dataframe[0].value.to_dict(), [c.value for c in app.caption])
    other = app.number_input(key="n").set_value(2).run()
    assert other.dataframe[0].value["n"].tolist() == ["2", "[c]"]
    again = app.number_input(key="n").set_value(1).run()
    assert (again.dataframe[0].value.to_dict(), [c.value for c in again.caption]) == first
    assert first[1][0].startswith("[c]")
