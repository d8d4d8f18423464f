package fiberhttp

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Logo is a picture of the shop. The zero Logo is none.
type Logo struct {
	content   []byte
	mediaType string
	extension string
}

// MaxLogoSize is how large a logo may be, in bytes.
const MaxLogoSize = 200_000

// NewLogo takes a picture in PNG, JPEG, WebP or SVG. Its type is what its content says.
func NewLogo(content []byte) (Logo, error) {
	if len(content) > MaxLogoSize {
		return Logo{}, fmt.Errorf("is larger than %d KB", MaxLogoSize/1000)
	}
	for _, known := range []struct {
		is                   bool
		mediaType, extension string
	}{
		{bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")), "image/png", "png"},
		{bytes.HasPrefix(content, []byte("\xff\xd8\xff")), "image/jpeg", "jpg"},
		{len(content) > 12 && string(content[:4]) == "RIFF" && string(content[8:12]) == "WEBP", "image/webp", "webp"},
		{isSVG(content), "image/svg+xml", "svg"},
	} {
		if known.is {
			return Logo{content, known.mediaType, known.extension}, nil
		}
	}
	return Logo{}, errors.New("is not a picture in PNG, JPEG, WebP or SVG")
}

// isSVG reports whether the content is well-formed XML whose outermost element is an svg.
func isSVG(content []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	root := ""
	for {
		token, err := decoder.Token()
		if err != nil {
			return err == io.EOF && root == "svg"
		}
		if start, ok := token.(xml.StartElement); ok && root == "" {
			root = strings.ToLower(start.Name.Local)
		}
	}
}
