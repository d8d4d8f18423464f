package pages

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A Logo is a picture of the shop. The zero Logo means that there is none.
type Logo struct {
	content   []byte
	mediaType string
	extension string
}

// MaxLogoSize is the most bytes that a logo may have.
const MaxLogoSize = 200_000

// NewLogo takes a picture in PNG, JPEG, WebP or SVG. It finds the type from the content. The error
// completes a sentence that starts with the name of the file.
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

// entityInDTD is an entity at the beginning of an SVG. Drawing programs abbreviate namespaces so.
var entityInDTD = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>`)

// isSVG reports whether the content is well-formed XML whose outermost element is an svg.
func isSVG(content []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.Entity = map[string]string{}
	root := ""
	for {
		token, err := decoder.Token()
		if err != nil {
			return err == io.EOF && root == "svg"
		}
		switch t := token.(type) {
		case xml.Directive:
			for _, found := range entityInDTD.FindAllStringSubmatch(string(t), -1) {
				decoder.Entity[found[1]] = found[2] + found[3]
			}
		case xml.StartElement:
			if root == "" {
				root = strings.ToLower(t.Name.Local)
			}
		}
	}
}
