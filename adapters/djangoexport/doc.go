// Package djangoexport reads a staff export of the shop's Django system. It promises to
// account for every person in the file: each comes back as a row, with a Problem if it
// could not be read, and where that cannot be promised the whole file is refused.
//
// [Parse] tells three formats apart by looking at the file:
//
//   - "manage.py dumpdata": a JSON list of {"model", "pk", "fields"}. Objects count whose
//     model ends in "staff"; the others are skipped, even if they are not valid JSON
//     inside (Python writes NaN).
//   - "manage.py dumpdata --format jsonl": the same objects one after another.
//   - CSV with a header line (RFC 4180), where the column of the key is called id.
//     Semicolons are taken for commas when the header has no comma. Booleans are True,
//     true, 1, t, False, false, 0 or f.
//
// All are UTF-8, with or without a byte order mark, with either line ending. Field names are
// compared without letter case and without space around them. Unknown names are reported. A field
// that Gatehouse reads must not appear twice in an object, because another reader might take the
// other value. A row says of each field whether it is missing, empty or unreadable;
// [domain.ImportRow.Settle] decides what follows from that. The import decides whether the values
// make a good profile, and whether two rows claim one id or address.
//
// What goes wrong is told with line numbers and field names, never with values.
package djangoexport
