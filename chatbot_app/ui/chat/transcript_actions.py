"""What a person can ask for in the transcript: one object, on which its widgets emit themselves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class TranscriptActions(QObject):
    """Every widget of a transcript is given this one and emits on it; who carries a wish out connects to it.

    Nothing between passes a wish on. What stays inside a message (copying, opening its editor) is not here.
    """

    # a message, by its id
    edit_requested = Signal(str, str)  # message id, new text
    regenerate_requested = Signal(str)  # another answer: to a question, or instead of this answer
    continue_requested = Signal(str)  # the rest of an answer that was cut off
    sibling_requested = Signal(str, int)  # message id, -1 or 1
    version_comparison_requested = Signal(
        str, int, int
    )  # message id, its place among its versions, another's
    other_models_requested = Signal(str)  # to answer a question, or that of an answer, side by side
    pin_toggled = Signal(str, bool)  # message id, wanted state
    exclude_toggled = Signal(str, bool)  # message id, wanted state
    rating_requested = Signal(str, str)  # message id, a value of core.feedback.Rating, "" for none
    rating_note_requested = Signal(str)  # of an answer that is rated
    what_was_sent_requested = Signal(str)
    alternatives_requested = Signal(
        str
    )  # how certain the model was of each word, and what else it might have said
    model_answer_requested = Signal(str)  # the model's own words, this once, to the question of an answer
    answer_without_documents_requested = Signal(str)  # this once
    check_requested = Signal(str)  # of an answer, by the connected model
    check_stop_requested = Signal(str)
    inspection_requested = Signal(str, str)  # message id, the query that was searched for it

    # the answer that is waited for, and what can be done about what went wrong
    stop_requested = Signal()
    remedy_requested = Signal(str)  # a value of core.errors.Action that the window must carry out
    collections_requested = Signal()  # the choice of the documents that are asked

    # what is read
    link_activated = Signal(str)  # an http(s) address; show LinkDialog before opening it
    source_activated = Signal(object)  # core.documents.Citation or core.trust.Quote

    picture_chosen = Signal(str, int, str)  # message id, its place among the message's, its name

    # the summary that stands in for the start
    summary_edited = Signal(str, str)  # summary id, new text
    summary_pin_toggled = Signal(str, bool)  # summary id, wanted state
    summary_removed = Signal(str)  # summary id

    # an empty conversation
    suggestion_chosen = Signal(str)  # a question to be written into the composer
    sample_question_chosen = Signal(str)  # a question to the sample document
    welcome_step_chosen = Signal(object)  # WelcomeStep
    found_server_chosen = Signal(int)  # its place among those that the welcome offers

    # the keyboard, where nothing can be written
    typed = Signal(str)
    composed = Signal(object)  # QInputMethodEvent; valid during the call only
