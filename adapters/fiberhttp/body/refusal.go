package body

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// A Refusal refuses a request for its form, before any use case sees it. Status is the HTTP status,
// and Body the whole answer in JSON.
type Refusal struct {
	Status int
	Body   []byte
}

// Error names the status alone: the answer may quote the request, and a log must not.
func (e *Refusal) Error() string { return "request refused: " + http.StatusText(e.Status) }

// RefuseWith makes the answer that v is in JSON, see [AppendJSON].
func RefuseWith(status int, v any) *Refusal { return &Refusal{status, AppendJSON(nil, v)} }

// Refuse makes the answer {"detail": sentence}.
func Refuse(status int, sentence string) *Refusal {
	return RefuseWith(status, struct {
		Detail string `json:"detail"`
	}{sentence})
}

// A fieldFault is all that is wrong with one field.
type fieldFault struct {
	field    string
	messages []string
}

// fieldsError makes a 400 with one member for each fault, in their order.
func fieldsError(faults ...fieldFault) *Refusal {
	body := []byte("{")
	for i, fault := range faults {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(AppendJSON(body, fault.field), ':')
		body = AppendJSON(body, fault.messages)
	}
	return &Refusal{http.StatusBadRequest, append(body, '}')}
}

// RefuseField makes a 400 that says what is wrong with one field.
func RefuseField(field string, messages ...string) *Refusal {
	return fieldsError(fieldFault{field, messages})
}

// wholeBodyError makes a 400 for a body that has no fields, such as a list.
func wholeBodyError(sentence string) *Refusal {
	return RefuseField("non_field_errors", sentence)
}

// AppendJSON appends v to dst as the renderer of Django REST framework writes it: compact, and
// escaping only what JSON and JavaScript forbid in a string. v must be of a type that always encodes.
func AppendJSON(dst []byte, v any) []byte {
	out := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
