"""Documents for readers. Only a PDF opens in the browser; everything else is saved."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from broadsheet.kit.exposure import public
from broadsheet.stories.document_types import OTHER_TYPE, TYPES, ending_of
from broadsheet.stories.documents import public_document
from broadsheet.stories.models import NewsDocument

# No `sandbox` for a PDF: the browser's own reader does not open one that is.
_PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_POLICY = "default-src 'none'; sandbox"


@public(kept=False)
def document(request: HttpRequest, number: int, name: str) -> HttpResponseBase:
    found = public_document(number=number, name=name)
    if found is None:
        raise Http404
    return sent(found)


def sent(document: NewsDocument) -> HttpResponseBase:
    """Answer with a document as no page of ours: nothing in it runs. Raises Http404."""
    name = document.filename
    try:
        content = document.file.open("rb")
    except OSError as error:
        raise Http404 from error
    ending = ending_of(name)
    response = FileResponse(
        content,
        as_attachment=ending != "pdf",
        filename=name,
        content_type=TYPES.get(ending, OTHER_TYPE),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _PDF_POLICY if ending == "pdf" else _POLICY
    return response
