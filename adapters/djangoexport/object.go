package djangoexport

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"
)

// An object is what could be read of one object of dumpdata.
type object struct {
	line             int
	envelope, fields members
	unread           unknownNames // members of fields
	damage           string
}

// members are the wanted members of a JSON object.
type members map[string]value

func readObject(piece piece) object {
	o := object{line: piece.line, envelope: members{}, fields: members{}}
	err := o.readMembers(json.NewDecoder(bytes.NewReader(piece.json)))
	switch {
	case piece.cut:
		o.damage = "the object is too long"
	case !utf8.Valid(piece.json):
		o.damage = "the object is not valid UTF-8"
	case errors.Is(err, errNoObject):
		o.damage = "fields is not an object"
	case err != nil:
		o.damage = "the object is not valid JSON"
	case o.envelope["fields"].kind == absent:
		o.damage = "fields is missing"
	case o.envelope["fields"].kind == unreadable:
		o.damage = "fields appears twice"
	}
	return o
}

// readMembers keeps what came before an error, so that the report can name the person whose row is
// damaged. strictjson refuses a text as a whole; here it reads the single values only.
func (o *object) readMembers(dec *json.Decoder) error {
	dec.UseNumber() // a number too large for a float is none of our business
	return eachMember(dec, func(name string) error {
		if name = fieldName(name); name != "fields" {
			return o.envelope.read(dec, name, []string{"model", "pk"})
		}
		o.envelope.add("fields", value{kind: composite})
		return eachMember(dec, func(name string) error {
			name = fieldName(name)
			o.unread.add(name)
			return o.fields.read(dec, name, fieldNames)
		})
	})
}

// eachMember calls visit with the decoder before the value of each member, and stops
// after an error.
func eachMember(dec *json.Decoder, visit func(name string) error) error {
	switch token, err := dec.Token(); {
	case err != nil:
		return err
	case token != json.Delim('{'):
		return errNoObject
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // nothing else may stand there
		if err := visit(name); err != nil {
			return err
		}
	}
	_, err := dec.Token() // the end of the object, if it has one
	return err
}

var errNoObject = errors.New("not an object")

// read takes the value if it is wanted.
func (m members) read(dec *json.Decoder, name string, wanted []string) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	if slices.Contains(wanted, name) {
		m.add(name, jsonValue(raw))
	}
	return nil
}

func (m members) add(name string, v value) {
	if _, twice := m[name]; twice {
		v = value{kind: unreadable, text: "appears twice"}
	}
	m[name] = v
}

func (o object) record() record {
	o.fields["pk"] = o.envelope["pk"]
	return record{line: o.line, key: "pk", values: o.fields, damage: o.damage}
}
