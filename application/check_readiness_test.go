package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestCheckReadiness(t *testing.T) {
	s := open(t)
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	for call := 1; call <= 2; call++ { // reading, writing
		s.breakFrom(call)
		refuse(s, s.checkReadiness(), application.CheckReadinessQuery{}, domain.ErrUnavailable)
		s.repair()
	}
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	s.mustAudit()
}
