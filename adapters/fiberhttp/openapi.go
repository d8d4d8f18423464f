package fiberhttp

import (
	_ "embed" // the document

	"github.com/gofiber/fiber/v2"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI describes the endpoints to programs (OpenAPI 3.1).
func (s *Server) openAPI(c *fiber.Ctx) error {
	return send(c, fiber.StatusOK, openAPIDocument)
}
