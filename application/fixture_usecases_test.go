package application_test

import (
	"gatehouse/adapters/memory"
	"gatehouse/application"
)

// The use cases, each over the one store of the shop. They take the policy as it is when
// they are made.

func (s *shop) obtainTokens() *application.ObtainTokens {
	return application.NewObtainTokens(&s.store, s.passwords, memory.Subjects{}, &s.tokens, s.clock.Now, s.sessionID, s.tokenID, s.policy)
}

func (s *shop) refreshAccess() *application.RefreshAccess {
	return application.NewRefreshAccess(&s.store, &s.tokens, &s.tokens, s.clock.Now, s.sessionID, s.tokenID, s.policy)
}

func (s *shop) verifyToken() *application.VerifyToken {
	return application.NewVerifyToken(&s.store, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) signOut() *application.SignOut {
	return application.NewSignOut(&s.store, &s.tokens, s.clock.Now, s.sessionID, s.policy)
}

func (s *shop) blacklistToken() *application.BlacklistToken {
	return application.NewBlacklistToken(&s.store, &s.tokens, s.clock.Now, s.sessionID, s.policy)
}

func (s *shop) currentStaff() *application.CurrentStaff {
	return application.NewCurrentStaff(&s.store, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) changePassword() *application.ChangePassword {
	return application.NewChangePassword(&s.store, s.passwords, memory.Subjects{}, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) checkReadiness() *application.CheckReadiness {
	return application.NewCheckReadiness(&s.store)
}

func (s *shop) importStaff() *application.ImportStaff {
	return application.NewImportStaff(&s.store, s.clock.Now, s.policy)
}

func (s *shop) addStaff() *application.AddStaff {
	return application.NewAddStaff(&s.store, s.clock.Now, s.staffID)
}

func (s *shop) listStaff() *application.ListStaff { return application.NewListStaff(&s.store) }

func (s *shop) showStaff() *application.ShowStaff { return application.NewShowStaff(&s.store) }

func (s *shop) setPassword() *application.SetPassword {
	return application.NewSetPassword(&s.store, s.passwords, s.clock.Now, s.policy)
}

func (s *shop) activateStaff() *application.ActivateStaff {
	return application.NewActivateStaff(&s.store, s.clock.Now, s.policy)
}

func (s *shop) deactivateStaff() *application.DeactivateStaff {
	return application.NewDeactivateStaff(&s.store, s.clock.Now)
}

func (s *shop) requirePasswordReset() *application.RequirePasswordReset {
	return application.NewRequirePasswordReset(&s.store, s.clock.Now)
}

func (s *shop) leaveStaff() *application.LeaveStaff {
	return application.NewLeaveStaff(&s.store, s.clock.Now, s.policy)
}

func (s *shop) deleteStaff() *application.DeleteStaff {
	return application.NewDeleteStaff(&s.store, s.clock.Now)
}

func (s *shop) listAuditEvents() *application.ListAuditEvents {
	return application.NewListAuditEvents(&s.store)
}
