"""Why a file cannot be imported, each reason with its sentence and its next step."""

from __future__ import annotations

from chatbot_app.core.errors import AppError


class DocumentRefused(AppError):
    """A file cannot be imported; `name` is the file's, the class says why."""

    summary_template = "“{name}” cannot be imported: {detail}"
    next_step_template = "Other files are not affected."


class FormatUnknown(DocumentRefused):
    summary_template = "“{name}” has a format that is not read here ({detail})."
    next_step_template = "Save it as PDF, DOCX, HTML, Markdown or text and import that."


class FileUnreadable(DocumentRefused):
    summary_template = "“{name}” cannot be read: {detail}"
    next_step_template = "Check that the file is there and may be read, then retry."


class FileEmpty(DocumentRefused):
    summary_template = "The file “{name}” is empty."
    next_step_template = "Check that it was saved or copied to its end, then retry."


class DocumentEmpty(DocumentRefused):
    summary_template = "“{name}” holds no text."
    next_step_template = "There is nothing in it that could be searched."


class DocumentNeedsOcr(DocumentRefused):
    summary_template = "“{name}” is a picture of text, without the text itself."
    next_step_template = "Reading it by OCR needs Tesseract with its language data; install it, then retry."


class DocumentEncrypted(DocumentRefused):
    summary_template = "“{name}” is protected by a password."
    next_step_template = "Save a copy without the password and import that."


class DocumentDamaged(DocumentRefused):
    summary_template = "“{name}” is damaged or not what its name says: {detail}"
    next_step_template = "Open it in its own program, save it again and retry."


class DocumentTooLarge(DocumentRefused):
    summary_template = "“{name}” is too large: {detail}"
    next_step_template = "Split it and import the parts."


class ParserStopped(DocumentRefused):
    summary_template = "Reading “{name}” was stopped: {detail}"
    next_step_template = "Retry, or save it in another format."
