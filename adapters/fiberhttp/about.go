package fiberhttp

import (
	_ "embed" // the document

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/upkeep"
)

type statusBody struct {
	Status string `json:"status"`
}

// health says that the process answers.
func (s *Server) health(c *fiber.Ctx) error { return sendJSON(c, statusBody{"ok"}) }

// readiness says that the service can do its work as well, see [upkeep.CheckReadiness].
func (s *Server) readiness(c *fiber.Ctx) error {
	if _, err := s.useCases.CheckReadiness.Execute(c.UserContext(), upkeep.CheckReadinessQuery{}); err != nil {
		return err
	}
	return sendJSON(c, statusBody{"ready"})
}

// jwks publishes the keys that verify our tokens (RFC 7517). A cache may keep them for 5 minutes.
func (s *Server) jwks(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return send(c, fiber.StatusOK, s.keys.JWKS())
}

//go:embed openapi.json
var openAPIDocument []byte

// openAPI describes the endpoints to programs (OpenAPI 3.1).
func (s *Server) openAPI(c *fiber.Ctx) error {
	return send(c, fiber.StatusOK, openAPIDocument)
}
