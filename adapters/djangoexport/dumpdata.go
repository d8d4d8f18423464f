package djangoexport

import (
	"bufio"
	"fmt"
	"strings"
)

// dumpdata is a source that skips what is not staff.
type dumpdata struct {
	objects *objects
	others  otherModels
	unknown unknownNames
}

func newDumpdata(in *bufio.Reader, maxObject int64) (*dumpdata, error) {
	objects, err := newObjects(in, maxObject)
	return &dumpdata{objects: objects}, err
}

func (d *dumpdata) next() (record, error) {
	for {
		piece, err := d.objects.next()
		if err != nil {
			return record{}, err
		}
		object := readObject(piece)
		switch model := object.envelope["model"]; {
		case model.kind != text:
			return record{}, fmt.Errorf("line %d: an object whose model cannot be read: %s", piece.line, howToExport)
		case isStaff(model.text):
			for _, name := range object.unread {
				d.unknown.add(name)
			}
			return object.record(), nil
		default:
			d.others.add(model.text)
		}
	}
}

func (d *dumpdata) unknownFields() []string { return d.unknown }

func (d *dumpdata) explainNobody() error { return d.others.explain() }

// isStaff ignores the app, which has changed its name over the years.
func isStaff(model string) bool {
	return strings.ToLower(model[strings.LastIndexByte(model, '.')+1:]) == "staff"
}
