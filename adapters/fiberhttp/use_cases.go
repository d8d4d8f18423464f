package fiberhttp

import (
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// UseCases are what the endpoints do.
type UseCases struct {
	ObtainTokens         ports.UseCase[application.ObtainTokensCommand, application.ObtainTokensResult]
	RefreshAccess        ports.UseCase[application.RefreshAccessCommand, application.RefreshAccessResult]
	RenewAccess          ports.UseCase[application.RenewAccessCommand, application.RenewAccessResult]
	VerifyToken          ports.UseCase[application.VerifyTokenQuery, application.VerifyTokenResult]
	BlacklistToken       ports.UseCase[application.BlacklistTokenCommand, application.BlacklistTokenResult]
	SignOut              ports.UseCase[application.SignOutCommand, application.SignOutResult]
	CurrentStaff         ports.UseCase[application.CurrentStaffQuery, domain.Staff]
	ChangePassword       ports.UseCase[application.ChangePasswordCommand, application.ChangePasswordResult]
	RequestPasswordReset ports.UseCase[application.RequestPasswordResetCommand, application.RequestPasswordResetResult]
	ConfirmPasswordReset ports.UseCase[application.ConfirmPasswordResetCommand, application.ConfirmPasswordResetResult]
	ListSessions         ports.UseCase[application.ListSessionsQuery, application.ListSessionsResult]
	RevokeSession        ports.UseCase[application.RevokeSessionCommand, application.RevokeSessionResult]
	RevokeOtherSessions  ports.UseCase[application.RevokeOtherSessionsCommand, application.RevokeOtherSessionsResult]
	CheckReadiness       ports.UseCase[application.CheckReadinessQuery, application.CheckReadinessResult]
}

// NewUseCases hands the endpoints their use cases.
func NewUseCases(
	obtainTokens *application.ObtainTokens, refreshAccess *application.RefreshAccess, renewAccess *application.RenewAccess,
	verifyToken *application.VerifyToken, blacklistToken *application.BlacklistToken,
	signOut *application.SignOut, currentStaff *application.CurrentStaff,
	changePassword *application.ChangePassword, requestPasswordReset *application.RequestPasswordReset,
	confirmPasswordReset *application.ConfirmPasswordReset, listSessions *application.ListSessions,
	revokeSession *application.RevokeSession, revokeOtherSessions *application.RevokeOtherSessions,
	checkReadiness *application.CheckReadiness,
) UseCases {
	return UseCases{
		ObtainTokens:         obtainTokens,
		RefreshAccess:        refreshAccess,
		RenewAccess:          renewAccess,
		VerifyToken:          verifyToken,
		BlacklistToken:       blacklistToken,
		SignOut:              signOut,
		CurrentStaff:         currentStaff,
		ChangePassword:       changePassword,
		RequestPasswordReset: requestPasswordReset,
		ConfirmPasswordReset: confirmPasswordReset,
		ListSessions:         listSessions,
		RevokeSession:        revokeSession,
		RevokeOtherSessions:  revokeOtherSessions,
		CheckReadiness:       checkReadiness,
	}
}
