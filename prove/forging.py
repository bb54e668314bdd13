"""Files that somebody might send as ours, each with the verdict it deserves; and files with one small thing changed."""

import random
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pikepdf
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from agreements.seal import digest_outside_the_seal
from agreements.verification import Finding
from prove.keys import Holder

HOLE = re.compile(rb"<(3082[0-9a-fA-F]{1000,})>")
RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]")


@dataclass(frozen=True)
class Kit:
    """What a forger has: a document before and after its seal, others, and a key that isn't ours.

    `original` is kept here, and nothing else is.
    """

    bare: bytes
    original: bytes
    again: bytes  # sealed once more
    renewed: bytes  # sealed with another certificate of ours
    other: bytes  # another document, sealed
    ours: Holder
    stranger: Holder

    @property
    def hole(self) -> re.Match[bytes]:
        return _hole(self.original)


@dataclass(frozen=True)
class Forgery:
    """A way to make a file, and what it is to be called."""

    name: str
    expected: Finding
    make: Callable[[Kit], bytes]
    # Another's valid signature is on it: pdfsig, which knows no owners of keys, finds nothing wrong.
    by_another_key: bool = False


FORGERIES: list[Forgery] = []


def forgery(expected: Finding, *, by_another_key: bool = False):
    """Register a way to forge."""

    def register(make):
        FORGERIES.append(Forgery(make.__name__, expected, make, by_another_key))
        return make

    return register


ALTERED, NOT_KEPT, FOREIGN = Finding.ALTERED, Finding.NOT_KEPT, Finding.FOREIGN


def _hole(pdf):
    return list(HOLE.finditer(pdf))[-1]


def _refilled(pdf: bytes, content: bytes) -> bytes:
    """`pdf` with another CMS in the place of its seal."""
    hole = _hole(pdf)
    return pdf[: hole.start(1)] + content.hex().encode().ljust(len(hole[1]), b"0") + pdf[hole.end(1) :]


def seal_of(pdf: bytes) -> cms.ContentInfo:
    return cms.ContentInfo.load(bytes.fromhex(_hole(pdf)[1].decode()))


def _resigned(pdf: bytes, holder: Holder, **attributes) -> bytes:
    """The seal of `pdf` with other signed attributes, signed by `holder`; it goes on naming the same certificate."""
    seal = seal_of(pdf)
    signer = seal["content"]["signer_infos"][0]
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native in attributes:
            attribute["values"] = [attributes[attribute["type"].native]]
    over = signer["signed_attrs"].untag().dump(force=True)
    signer["signature"] = holder.key.sign(over, ec.ECDSA(SHA256()))
    return seal.dump(force=True)


# The content, the seal left as it was


@forgery(ALTERED)
def a_letter_of_the_title_changed(kit):
    place = re.search(rb"/Title\s*[<(]", kit.original).end()
    return kit.original[:place] + bytes([kit.original[place] ^ 1]) + kit.original[place + 1 :]


@forgery(ALTERED)
def a_bit_in_the_middle_of_the_content(kit):
    place = kit.hole.start() // 2
    return kit.original[:place] + bytes([kit.original[place] ^ 4]) + kit.original[place + 1 :]


@forgery(ALTERED)
def the_first_byte(kit):
    return b" " + kit.original[1:]


@forgery(ALTERED)
def the_last_byte_gone(kit):
    return kit.original[:-1]


@forgery(ALTERED)
def another_version_in_the_header(kit):
    return kit.original.replace(b"%PDF-1.", b"%PDF-9.", 1)


@forgery(ALTERED)
def a_stream_packed_anew(kit):
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", kit.original, re.DOTALL)
    return kit.original[: found.start(1)] + zlib.compress(b"q Q") + kit.original[found.end(1) :]


# Before and behind it


@forgery(ALTERED)
def a_line_end_at_the_end(kit):
    return kit.original + b"\n"


@forgery(ALTERED)
def a_zero_at_the_end(kit):
    return kit.original + b"\0"


@forgery(ALTERED)
def junk_at_the_end(kit):
    return kit.original + b"% nothing to see here\n" * 50


@forgery(ALTERED)
def another_end_of_file(kit):
    return kit.original + b"%%EOF\n"


@forgery(ALTERED)
def the_same_file_twice(kit):
    return kit.original + kit.original


@forgery(ALTERED)
def a_foreign_file_at_the_end(kit):
    return kit.original + kit.bare


@forgery(ALTERED)
def a_foreign_file_before(kit):
    return kit.bare + kit.original


@forgery(ALTERED)
def a_blank_before(kit):
    return b" " + kit.original


@forgery(ALTERED)
def a_script_before(kit):
    return b"#!/bin/sh\nexit\n" + kit.original


# What PDF itself allows to be added


@forgery(ALTERED)
def an_update_of_the_title(kit):
    writer = IncrementalPdfFileWriter(BytesIO(kit.original))
    info = writer.trailer["/Info"]
    info["/Title"] = generic.TextStringObject("คำรับรองที่ดีกว่า")
    writer.update_container(info)
    return _written(writer)


@forgery(ALTERED)
def an_update_with_other_words_on_the_first_page(kit):
    writer = IncrementalPdfFileWriter(BytesIO(kit.original))
    page = writer.root["/Pages"]["/Kids"][0]
    words = generic.StreamObject(stream_data=b"BT /F1 20 Tf 100 100 Td (100.00) Tj ET")
    contents = page.get("/Contents")
    old = list(contents) if isinstance(contents, generic.ArrayObject) else [page.raw_get("/Contents")]
    page["/Contents"] = generic.ArrayObject([*old, writer.add_object(words)])
    writer.update_container(page)
    return _written(writer)


@forgery(ALTERED)
def an_update_that_hides_the_last_page(kit):
    writer = IncrementalPdfFileWriter(BytesIO(kit.original))
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject(list(pages["/Kids"])[:-1])
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)
    return _written(writer)


@forgery(ALTERED)
def an_update_without_the_seal(kit):
    writer = IncrementalPdfFileWriter(BytesIO(kit.original))
    del writer.root["/AcroForm"]
    writer.update_root()
    return _written(writer)


@forgery(ALTERED)
def signed_once_more_by_a_stranger(kit):
    return kit.stranger.sign(_unlocked(kit.original), field="Another")


def _unlocked(pdf):
    """Our seal forbids a second signature; a forger says that it doesn't, in bytes of the same length."""
    return pdf.replace(b"/P 1\n", b"/P 3\n").replace(b"/DocMDP", b"/DocMDQ").replace(b"/Perms", b"/Permz")


def _written(writer):
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


# The range that the seal says it covers


@forgery(ALTERED)
def the_range_says_less(kit):
    return _other_range(kit.original, lambda a, b, c, d: (a, b, c, d - 9))


@forgery(ALTERED)
def the_range_begins_later(kit):
    return _other_range(kit.original, lambda a, b, c, d: (9, b - 9, c, d))


@forgery(ALTERED)
def the_range_is_nothing(kit):
    return _other_range(kit.original, lambda *_numbers: (0, 0, 0, 0))


@forgery(ALTERED)
def a_wider_hole_with_room_for_more(kit):
    """Bytes put behind the seal, which the range then leaves out."""
    end = kit.hole.end()
    wider = kit.original[:end] + b" /Note (more) " + kit.original[end:]
    return _other_range(wider, lambda a, b, c, d: (a, b, c + 14, d))


@forgery(ALTERED)
def a_range_told_twice(kit):
    return b"%" + RANGE.search(kit.original)[0] + b"\n" + kit.original


@forgery(ALTERED)
def the_seal_moved_to_the_front(kit):
    """The digest of all around it stays the same."""
    hole = kit.hole
    return hole[0] + kit.original[: hole.start()] + kit.original[hole.end() :]


@forgery(ALTERED)
def the_seal_moved_a_little(kit):
    hole = kit.hole
    before, after = kit.original[: hole.start()], kit.original[hole.end() :]
    return before + after[:1] + hole[0] + after[1:]


def _other_range(pdf, change):
    said = list(RANGE.finditer(pdf))[-1]
    numbers = b" ".join(b"%d" % number for number in change(*(int(number) for number in said.groups())))
    return pdf[: said.start()] + b"/ByteRange [" + numbers + b"]" + pdf[said.end() :]


# The seal itself


@forgery(ALTERED)
def the_seal_emptied(kit):
    return _refilled(kit.original, b"")


@forgery(ALTERED)
def a_letter_of_the_seal(kit):
    place = kit.hole.start(1) + 400
    return (
        kit.original[:place] + (b"0" if kit.original[place : place + 1] != b"0" else b"1") + kit.original[place + 1 :]
    )


@forgery(ALTERED)
def a_letter_of_the_seal_that_is_no_digit(kit):
    return kit.original[: kit.hole.start(1) + 400] + b"z" + kit.original[kit.hole.start(1) + 401 :]


@forgery(ALTERED)
def something_hidden_behind_the_seal(kit):
    place = kit.hole.end(1) - 32
    return kit.original[:place] + b"deadbeef" + kit.original[place + 8 :]


@forgery(ALTERED)
def a_line_end_in_the_seal(kit):
    place = kit.hole.start(1) + 400
    return kit.original[:place] + b"\n" + kit.original[place:]


@forgery(ALTERED)
def the_seal_of_another_document(kit):
    return _refilled(kit.original, seal_of(kit.other).dump())


@forgery(ALTERED)
def our_seal_under_a_strangers_text(kit):
    return _refilled(kit.stranger.sign(kit.bare + b"\n% mine", field="Seal"), seal_of(kit.original).dump())


@forgery(ALTERED, by_another_key=True)
def our_seal_replaced_by_a_strangers(kit):
    digest = bytes.fromhex(digest_outside_the_seal(kit.original))
    seal = seal_of(kit.stranger.sign(kit.bare, field="Seal"))
    signer = seal["content"]["signer_infos"][0]
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            attribute["values"] = [digest]
    signer["signature"] = kit.stranger.key.sign(signer["signed_attrs"].untag().dump(force=True), ec.ECDSA(SHA256()))
    return _refilled(kit.original, seal.dump(force=True))


@forgery(FOREIGN)
def a_text_signed_anew_with_a_key_that_is_not_ours(kit):
    """Every digest fits, and our certificate is named; only the key is another."""
    changed = a_letter_of_the_title_changed(kit)
    digest = bytes.fromhex(digest_outside_the_seal(changed))
    return _refilled(changed, _resigned(changed, kit.stranger, message_digest=digest))


# Not ours at all


@forgery(FOREIGN)
def the_document_before_it_was_sealed(kit):
    return kit.bare


@forgery(FOREIGN, by_another_key=True)
def sealed_by_a_stranger_of_the_same_name(kit):
    return kit.stranger.sign(kit.bare, field="Seal")


@forgery(FOREIGN, by_another_key=True)
def sealed_by_a_stranger_with_our_certificate_beside_it(kit):
    pdf = kit.stranger.sign(kit.bare, field="Seal")
    seal = seal_of(pdf)
    seal["content"]["certificates"] = [
        *seal["content"]["certificates"],
        cms.CertificateChoices("certificate", kit.ours.asn1),
    ]
    return _refilled(pdf, seal.dump(force=True))


@forgery(FOREIGN)
def a_text_with_our_code(_kit):
    return b"%PDF-1.7\n% " + b"0123456789abcdef" * 2 + b"\n%%EOF\n"


@forgery(FOREIGN)
def a_picture(_kit):
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


@forgery(FOREIGN)
def a_page_of_the_web(_kit):
    return "<!doctype html><title>คำรับรองการปฏิบัติราชการ</title>".encode()


@forgery(FOREIGN)
def the_document_in_a_zip(kit):
    out = BytesIO()
    with ZipFile(out, "w", compression=8) as file:
        file.writestr("agreement.pdf", kit.original)
    return out.getvalue()


@forgery(FOREIGN)
def half_of_it(kit):
    return kit.original[: len(kit.original) // 2]


@forgery(FOREIGN)
def one_byte(_kit):
    return b"%"


@forgery(FOREIGN)
def a_seal_that_is_no_seal(_kit):
    return b"%PDF-1.7\n/Contents <" + b"30820400" * 2000 + b">\n/ByteRange [0 9 99999 9]"


@forgery(FOREIGN)
def a_thousand_seals_that_are_none(_kit):
    return b"<" + b">\n<".join([b"3082" + b"00" * 600] * 1000) + b">"


@forgery(FOREIGN)
def a_nest_of_values_without_an_end(_kit):
    return b"<" + (b"\x30\x80" * 50_000).hex().encode() + b">"


@forgery(FOREIGN)
def megabytes_of_hex(_kit):
    return b"<" + b"30" * 5_000_000


@forgery(FOREIGN)
def a_thousand_ranges(_kit):
    return b"/ByteRange [0 999999999 0 999999999]\n" * 1000


# What other programs make of it


@forgery(ALTERED)
def saved_anew_by_another_program(kit):
    return _saved(kit.original, lambda file: None)


@forgery(ALTERED)
def saved_anew_without_its_last_page(kit):
    return _saved(kit.original, lambda file: file.pages.__delitem__(-1))


@forgery(FOREIGN)
def a_file_that_carries_it(kit):
    """Packed within another, nothing of it can be seen from outside."""
    return _saved(kit.bare, lambda file: file.attachments.__setitem__("agreement.pdf", kit.original))


@forgery(FOREIGN)
def printed_to_pdf(kit):
    return _run(["pdftocairo", "-pdf", "-", "-"], kit.original)


@forgery(FOREIGN)
def a_picture_of_its_first_page(kit):
    return _run(["pdftoppm", "-r", "30", "-f", "1", "-l", "1", "-"], kit.original)


def _saved(pdf, change):
    with pikepdf.open(BytesIO(pdf)) as file:
        change(file)
        out = BytesIO()
        file.save(out)
        return out.getvalue()


def _run(command, pdf):
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


# Sealed by us, and still not what is kept


@forgery(NOT_KEPT)
def sealed_a_second_time(kit):
    return kit.again


@forgery(NOT_KEPT)
def sealed_with_the_certificate_before(kit):
    return kit.renewed


@forgery(NOT_KEPT)
def another_document_of_ours(kit):
    return kit.other


@forgery(NOT_KEPT)
def the_seal_in_capitals(kit):
    hole = kit.hole
    letters = hole[1].lower() if hole[1] != hole[1].lower() else hole[1].upper()
    return kit.original[: hole.start(1)] + letters + kit.original[hole.end(1) :]


@forgery(NOT_KEPT)
def something_unsigned_put_beside_the_signature(kit):
    seal = seal_of(kit.original)
    note = cms.CMSAttribute({"type": "1.2.3.4.5", "values": [cms.OctetString(b"beside")]})
    seal["content"]["signer_infos"][0]["unsigned_attrs"] = [note]
    return _refilled(kit.original, seal.dump(force=True))


# One small thing changed, anywhere


@dataclass(frozen=True)
class Mutation:
    """A file with one change at one place."""

    name: str
    content: bytes


def within_the_seal(original: bytes, changed: bytes) -> bool:
    """Is everything outside the seal still what it was?"""
    hole = _hole(original)
    tail = len(original) - hole.end(1)
    return changed[: hole.start(1)] == original[: hole.start(1)] and changed[-tail:] == original[-tail:]


def mutations(original: bytes, *, count: int, seed: int) -> Iterator[Mutation]:
    """So many different files, each with one change; one in four is changed within the seal."""
    chance, hole, seen = random.Random(seed), _hole(original), {original}
    while len(seen) <= count:
        within = len(seen) % 4 == 0
        place = chance.randrange(*(hole.span(1) if within else (0, len(original) - 1)))
        kind = chance.choice(sorted(CHANGES))
        changed = CHANGES[kind](original, place, chance)
        if changed not in seen:
            seen.add(changed)
            yield Mutation(f"{kind} at {place}", changed)


def _flip(content, place, chance):
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def _put(content, place, chance):
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _insert(content, place, chance):
    return content[:place] + bytes([chance.randrange(256)]) + content[place:]


def _delete(content, place, _chance):
    return content[:place] + content[place + 1 :]


def _swap(content, place, _chance):
    return content[:place] + content[place + 1 : place + 2] + content[place : place + 1] + content[place + 2 :]


CHANGES = {"flip": _flip, "put": _put, "insert": _insert, "delete": _delete, "swap": _swap}
