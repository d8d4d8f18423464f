package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
)

//go:embed *.html style.css enhance.js icon.svg
var pageFiles embed.FS

// assetFolder is the path under which pages load their assets.
const assetFolder = "/accounts/assets/"

// An Asset is a file that pages load. Its name holds a hash of its content, so a browser may keep it
// for ever.
type asset struct {
	MediaType string
	Content   []byte
}

// assets holds the files by the name under which they are served. names has that name for each name
// that templates use.
type assets struct {
	served map[string]asset
	names  map[string]string
}

const logoName = "logo"

func newAssets(logo Logo) assets {
	all := assets{map[string]asset{}, map[string]string{}}
	all.add("style.css", "css", asset{"text/css; charset=utf-8", pageFile("style.css")})
	all.add("enhance.js", "js", asset{"text/javascript; charset=utf-8", pageFile("enhance.js")})
	all.add("icon.svg", "svg", asset{"image/svg+xml", pageFile("icon.svg")})
	if logo.content != nil {
		all.add(logoName, logo.extension, asset{logo.mediaType, logo.content})
	}
	return all
}

func (a assets) add(name, extension string, file asset) {
	sum := sha256.Sum256(file.Content)
	served := strings.TrimSuffix(name, "."+extension) + "-" + hex.EncodeToString(sum[:8]) + "." + extension
	a.served[served], a.names[name] = file, served
}

// Asset returns the file that is served under the name, if there is one.
func (p *Pages) Asset(served string) (file asset, found bool) {
	file, found = p.assets.served[served]
	return file, found
}

// KeepLogo also serves the logo of before, but no older one. It is to be called before the pages are
// used.
func (p *Pages) KeepLogo(before *Pages) {
	if served, found := before.assets.names[logoName]; found {
		p.assets.served[served] = before.assets.served[served]
	}
}

// pageFile returns an embedded file.
func pageFile(name string) []byte {
	content, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // a part of the program is missing
	}
	return content
}
