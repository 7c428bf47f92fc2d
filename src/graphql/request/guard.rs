//! The guard: one declaration per field, enforced before the field's resolver runs.
//!
//! `#[graphql(directive = auth::apply(...))]` or `signed_in::apply()` on a field is the only declaration of its
//! requirement. The directive is part of the SDL, [`AccessTable`] reads the SDL, and the `Guard` extension enforces the
//! table; `viewerCan` and the tests use it too. So the published schema, the enforcement and the tests cannot disagree.
//!
//! The extension also corrects two deviations of async-graphql 8.0.0-rc.5 from the specification's error handling: an
//! error before a nullable field's resolver would null the parent instead of the field, and errors have no code.

use std::sync::{Arc, OnceLock};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, NextValidation, ResolveInfo,
};
use async_graphql::{
    CacheControl, Context, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, ValidationResult,
    Value, async_trait,
};
use parking_lot::Mutex;

use super::access_table::{AccessTable, FieldRule};
use super::audit_trail;
use super::authorization::Authorization;
use super::cost::Charge;
use crate::access::{self, Actor, Decision, Requirement};
use crate::graphql::context;
use crate::graphql::error::{Failure, error_path};

/// Tells the guard the owner of the object whose field is being resolved.
///
/// Resolvers of fields with `orOwner: true` must call it. The guard decides after the resolver and before the value is
/// returned, and refuses callers without the permission if no owner was named.
pub fn name_owner(ctx: &Context<'_>, owner: &str) {
    if let (Some(authorization), Some(path)) = (ctx.data_opt::<Arc<Authorization>>(), ctx.path_node) {
        authorization.name_owner(path.to_string(), owner.to_owned());
    }
}

/// Applies the rule of a field, for resolvers that return the same object in another way.
///
/// # Errors
/// The caller may not select the field, or it does not exist.
pub(crate) fn permit(ctx: &Context<'_>, parent_type: &str, field: &str) -> Result<(), Failure> {
    let table = ctx.data_opt::<Arc<OnceLock<AccessTable>>>();
    let rule = table.and_then(|table| table.get()?.rule(parent_type, field));
    let Some(rule) = rule else {
        return Err(Failure::internal(format_args!("no rule for {parent_type}.{field}")));
    };
    let Some(requirement) = rule.requirement else {
        return Ok(());
    };
    match access::permits(&context::actor(ctx), requirement, None) {
        Decision::Allowed => Ok(()),
        refusal => {
            audit_trail::refused(ctx, (parent_type, field), refusal);
            Err(refusal.into())
        }
    }
}

/// Creates a `Guard` for each request.
#[derive(Debug, Clone)]
pub struct GuardFactory(pub Arc<OnceLock<AccessTable>>);

impl ExtensionFactory for GuardFactory {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Guard {
            table: Arc::clone(&self.0),
            errors: Mutex::default(),
        })
    }
}

/// Marks an error that the guard has recorded already.
struct ReportedError;

/// The guard of one request.
struct Guard {
    table: Arc<OnceLock<AccessTable>>,
    errors: Mutex<Vec<ServerError>>,
}

impl Guard {
    /// Records an error once, with the path of the field where it occurred, and returns a placeholder: while an error
    /// propagates through lists, async-graphql extends its path with every item.
    fn keep(&self, error: ServerError, node: &QueryPathNode<'_>) -> ServerError {
        let position = error.locations.first().copied();
        if error.source::<ReportedError>().is_none() {
            self.errors.lock().push(error.with_path(error_path(node)));
        }
        let mut stand_in = ServerError::new("", position);
        stand_in.source = Some(Arc::new(ReportedError));
        stand_in
    }

    /// Executes an operation or event and adds the recorded errors to the response.
    async fn run(&self, ctx: &ExtensionContext<'_>, operation_name: Option<&str>, next: NextExecute<'_>) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        if let Some(charge) = ctx.data_opt::<Charge>() {
            charge.settle().await;
        }
        response
            .errors
            .retain(|error| error.source::<ReportedError>().is_none());
        response.errors.append(&mut self.errors.lock());
        response
    }

    async fn guarded(
        &self,
        ctx: &ExtensionContext<'_>,
        rule: &FieldRule,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(requirement) = rule.requirement else {
            return next.run(ctx, info).await;
        };
        let authorization = ctx.data_opt::<Arc<Authorization>>();
        let permits = |owner: Option<&str>| match authorization {
            Some(authorization) => authorization.with_actor(|actor| access::permits(actor, requirement, owner)),
            None => access::permits(&Actor::guest(), requirement, owner),
        };
        let refusal = match permits(None) {
            Decision::Allowed => return next.run(ctx, info).await,
            refusal => refusal,
        };
        let refused = Failure::from(refusal).into_server_error(&info);
        let name = (info.parent_type, info.name);
        if matches!(requirement, Requirement::Permission { or_owner: true, .. }) {
            let path = info.path_node.to_string();
            let value = next.run(ctx, info).await?;
            let owner = authorization.and_then(|authorization| authorization.take_owner(&path));
            if permits(owner.as_deref()) == Decision::Allowed {
                return Ok(value);
            }
        }
        audit_trail::refused(ctx, name, refusal);
        Err(refused)
    }

    /// Resolves a field, and refunds its cost if the server fails.
    async fn charged(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        // `Gateway::new` fills the table before it returns the schema.
        let table = self.table.get();
        let Some(rule) = table.and_then(|table| table.rule(info.parent_type, info.name)) else {
            return Err(Failure::Internal.into_server_error(&info));
        };
        let at = info.field.name.pos;
        let result = self.guarded(ctx, rule, info, next).await;
        if let (1.., Err(error), Some(charge)) = (rule.cost, &result, ctx.data_opt::<Charge>())
            && error.source::<Failure>().is_some_and(Failure::is_ours)
        {
            charge.give_back(rule.cost, at);
        }
        result
    }
}

#[async_trait::async_trait]
impl Extension for Guard {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        _: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        // Here, because execution happens once per event of a subscription.
        if let Some(charge) = ctx.data_opt::<Charge>()
            && let Err(failure) = charge.spend().await
        {
            audit_trail::not_paid(ctx, charge.price.units, &failure);
            return Err(vec![failure.into_request_error()]);
        }
        // Admission has validated the document by the whole specification.
        Ok(ValidationResult {
            cache_control: CacheControl::default(),
            complexity: 0,
            depth: 0,
        })
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        // Once for an operation, and again for each event of a subscription.
        if let Some(authorization) = ctx.data_opt::<Arc<Authorization>>()
            && let Err(failure) = authorization.renew().await
        {
            return Response::from_errors(vec![failure.into_request_error()]);
        }
        let work = self.run(ctx, operation_name, next);
        // Operations with a single response have their deadline from the gateway; subscriptions have one per event.
        let Some(deadline) = ctx
            .data_opt::<Arc<Authorization>>()
            .and_then(|authorization| authorization.deadline())
        else {
            return work.await;
        };
        tokio::time::timeout(deadline, work).await.unwrap_or_else(|_| {
            self.errors.lock().clear();
            Response::from_errors(vec![Failure::Timeout.into_request_error()])
        })
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if info.is_for_introspection || info.name.starts_with("__") {
            return next.run(ctx, info).await;
        }
        let nullable = !info.return_type.ends_with('!');
        let node = *info.path_node;
        // async-graphql calls this for a list and for each of its items; the list was decided already.
        let result = match node.segment {
            QueryPathSegment::Name(_) => self.charged(ctx, info, next).await,
            QueryPathSegment::Index(_) => next.run(ctx, info).await,
        };
        match result {
            Err(error) if nullable => {
                self.keep(error, &node);
                Ok(Some(Value::Null))
            }
            Err(error) => Err(self.keep(error, &node)),
            result => result,
        }
    }
}

#[cfg(test)]
mod tests;
