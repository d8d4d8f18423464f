package djangoexport

import (
	"bufio"
	"fmt"
	"io"
)

// objects cuts dumpdata into its objects and looks no deeper than that needs. So an object that
// is damaged inside does not spoil the others. An object that is too long is skipped in
// constant memory.
type objects struct {
	in     *bufio.Reader
	limit  int64
	line   int
	list   bool // within brackets, with commas; else one object after another
	begun  bool // there was an object
	buffer []byte
}

// A piece is the bytes of one object.
type piece struct {
	line int    // where it begins
	json []byte // valid until the next piece
	cut  bool   // it was longer, json is the start
}

// newObjects begins at the first byte of the file, which may be white space.
func newObjects(in *bufio.Reader, limit int64) (*objects, error) {
	o := &objects{in: in, limit: limit, line: 1}
	c, err := o.nextByte()
	if err != nil {
		return nil, err
	}
	if o.list = c == '['; o.list {
		return o, nil
	}
	return o, o.in.UnreadByte()
}

// next returns io.EOF after the last object.
func (o *objects) next() (piece, error) {
	c, err := o.nextByte()
	switch {
	case !o.list && err == io.EOF:
		return piece{}, io.EOF
	case err != nil:
		return piece{}, o.explain(err)
	case o.list && c == ']':
		return piece{}, o.end()
	}
	if o.list && o.begun {
		if c != ',' {
			return piece{}, o.unexpected()
		}
		if c, err = o.nextByte(); err != nil {
			return piece{}, o.explain(err)
		}
	}
	if c != '{' {
		return piece{}, o.unexpected()
	}
	o.begun = true
	return o.object()
}

// end makes sure that nothing follows the list, and returns io.EOF.
func (o *objects) end() error {
	switch _, err := o.nextByte(); {
	case err == nil:
		return fmt.Errorf("line %d: something follows the end of the list: %s", o.line, howToExport)
	case err == io.EOF:
		return io.EOF
	default:
		return readError(err)
	}
}

// object reads on after "{".
func (o *objects) object() (piece, error) {
	p := piece{line: o.line, json: append(o.buffer[:0], '{')}
	for n := (nesting{depth: 1}); n.depth > 0; {
		c, err := o.in.ReadByte()
		if err != nil {
			return piece{}, o.explain(err)
		}
		if p.cut = int64(len(p.json)) >= o.limit; !p.cut {
			p.json = append(p.json, c)
		}
		if c == '\n' && n.quoted {
			return piece{}, fmt.Errorf("line %d: a text is not closed: the file is damaged, %s", o.line, howToExport)
		}
		if c == '\n' {
			o.line++
		}
		n.step(c)
	}
	o.buffer = p.json
	return p, nil
}

// nesting follows brackets and texts. Whether a bracket is closed by one of its kind is
// seen when the object is decoded.
type nesting struct {
	depth           int
	quoted, escaped bool
}

func (n *nesting) step(c byte) {
	switch {
	case n.escaped:
		n.escaped = false
	case n.quoted:
		n.escaped, n.quoted = c == '\\', c != '"'
	case c == '"':
		n.quoted = true
	case c == '{' || c == '[':
		n.depth++
	case c == '}' || c == ']':
		n.depth--
	}
}

// nextByte skips JSON's white space.
func (o *objects) nextByte() (byte, error) {
	for {
		switch c, err := o.in.ReadByte(); {
		case err != nil:
			return 0, err
		case c == '\n':
			o.line++
		case c != ' ' && c != '\t' && c != '\r':
			return c, nil
		}
	}
}

func (o *objects) explain(err error) error {
	if err == io.EOF {
		return fmt.Errorf("line %d: the file ends too early, it is not complete: export it again", o.line)
	}
	return readError(err)
}

func (o *objects) unexpected() error {
	return fmt.Errorf("line %d: not an object of Django's dumpdata where one should be: %s", o.line, howToExport)
}
