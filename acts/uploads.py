"""Files that are looked at and never kept: they stay in memory, and what is too large is not even gathered."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class InMemory(FileUploadHandler):
    """Keeps the one file of a request in memory; of more than `most` bytes it arrives empty, with its true size.

    Any further file is left where it is: together they would fill the memory.
    """

    def __init__(self, request, *, most):
        super().__init__(request)
        self.most, self.has_one = most, False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.has_one:
            raise SkipFile
        self.has_one = True
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= self.most:
            self.content.write(raw_data)
        else:
            self.content = BytesIO()

    def file_complete(self, file_size):
        self.content.seek(0)
        return InMemoryUploadedFile(
            self.content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
