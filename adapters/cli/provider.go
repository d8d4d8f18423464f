package cli

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the [UseCases]. It lists the constructors as well as the bindings, because
// Wire refuses a set that binds what it does not provide.
var Set = wire.NewSet(
	wire.Struct(new(UseCases), "*"),
	application.NewImportStaff,
	application.NewAddStaff,
	application.NewListStaff,
	application.NewShowStaff,
	application.NewSetPassword,
	application.NewRequirePasswordReset,
	application.NewDeactivateStaff,
	application.NewActivateStaff,
	application.NewLeaveStaff,
	application.NewDeleteStaff,
	application.NewListAuditEvents,
	wire.Bind(new(ports.UseCase[application.ImportStaffCommand, application.ImportStaffResult]), new(*application.ImportStaff)),
	wire.Bind(new(ports.UseCase[application.AddStaffCommand, application.StaffChange]), new(*application.AddStaff)),
	wire.Bind(new(ports.UseCase[application.ListStaffQuery, []domain.Staff]), new(*application.ListStaff)),
	wire.Bind(new(ports.UseCase[application.ShowStaffQuery, domain.Staff]), new(*application.ShowStaff)),
	wire.Bind(new(ports.UseCase[application.SetPasswordCommand, application.StaffChange]), new(*application.SetPassword)),
	wire.Bind(new(ports.UseCase[application.RequirePasswordResetCommand, application.StaffChange]), new(*application.RequirePasswordReset)),
	wire.Bind(new(ports.UseCase[application.DeactivateStaffCommand, application.StaffChange]), new(*application.DeactivateStaff)),
	wire.Bind(new(ports.UseCase[application.ActivateStaffCommand, application.StaffChange]), new(*application.ActivateStaff)),
	wire.Bind(new(ports.UseCase[application.LeaveStaffCommand, application.StaffChange]), new(*application.LeaveStaff)),
	wire.Bind(new(ports.UseCase[application.DeleteStaffCommand, application.StaffChange]), new(*application.DeleteStaff)),
	wire.Bind(new(ports.UseCase[application.ListAuditEventsQuery, []domain.AuditEvent]), new(*application.ListAuditEvents)),
)
