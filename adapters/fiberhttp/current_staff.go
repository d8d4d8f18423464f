package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/domain"
)

// staffBody is a member of staff in the words of the shop's web app.
type staffBody struct {
	ID              string  `json:"id"`
	Username        string  `json:"username"`
	Email           string  `json:"email"`
	FirstName       string  `json:"first_name"`
	LastName        string  `json:"last_name"`
	PreferredName   *string `json:"preferred_name"`
	FullName        string  `json:"fullName"`
	IsActive        bool    `json:"is_active"`
	IsOfficeStaff   bool    `json:"is_office_staff"`
	IsWorkshopStaff bool    `json:"is_workshop_staff"`
	IsSuperuser     bool    `json:"is_superuser"`
}

func (s *Server) currentStaff(c *fiber.Ctx) error {
	v, err := s.visitor(c, unseen(c))
	if err != nil {
		return accessRefusal(err)
	}
	return sendJSON(c, newStaffBody(v.owner))
}

func newStaffBody(staff domain.Staff) staffBody {
	answer := staffBody{
		ID:              string(staff.ID),
		Username:        string(staff.Email),
		Email:           string(staff.Email),
		FirstName:       staff.FirstName,
		LastName:        staff.LastName,
		FullName:        staff.FullName(),
		IsActive:        staff.IsActive,
		IsOfficeStaff:   staff.IsOfficeStaff,
		IsWorkshopStaff: staff.IsWorkshopStaff,
		IsSuperuser:     staff.IsSuperuser,
	}
	if staff.HasPreferredName {
		answer.PreferredName = &staff.PreferredName
	}
	return answer
}

// accessRefusalBody is the answer of SimpleJWT's JWTAuthentication to a bad access token.
type accessRefusalBody struct {
	Detail   string          `json:"detail"`
	Code     string          `json:"code"`
	Messages []accessMessage `json:"messages"`
}

type accessMessage struct {
	TokenClass string `json:"token_class"`
	TokenType  string `json:"token_type"`
	Message    string `json:"message"`
}

// accessRefusal answers a bad access token in the words of SimpleJWT's JWTAuthentication. They
// differ from those of its token endpoints. It returns other errors as they are.
func accessRefusal(err error) error {
	if errors.Is(err, domain.ErrAccountInactive) {
		return codeError(fiber.StatusUnauthorized, "user_inactive", "User is inactive")
	}
	for _, p := range problems {
		if !errors.Is(err, p.err) {
			continue
		}
		if p.code != tokenNotValid || p.err == domain.ErrTokenNoStaff {
			return err
		}
		return body.RefuseWith(p.status, accessRefusalBody{
			Detail:   "Given token not valid for any token type",
			Code:     tokenNotValid,
			Messages: []accessMessage{{"AccessToken", "access", p.detail}},
		})
	}
	return err
}
