//! The routes of the dashboard.

use std::sync::Arc;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::parameters::Parameters;
use crate::stats::live_updates::live_updates;
use crate::{api, assets, middleware, pages};

pub(crate) fn router(app: Arc<AppState>) -> Router {
    let middleware = from_fn_with_state(Arc::clone(&app), middleware::handle);
    Router::new()
        .merge(pages::routes())
        .nest("/api", api::routes())
        .route("/live", get(live_updates))
        .route("/assets/{file}", get(assets::asset))
        .fallback(redirect_or_not_found)
        .method_not_allowed_fallback(async || HttpError::method_not_allowed())
        .layer(middleware)
        .with_state(app)
}

/// Redirects a path that ends in a slash to the path without it. The middleware has checked that there is such a page.
async fn redirect_or_not_found(ctx: RequestContext, RawQuery(query): RawQuery) -> Response {
    let without = ctx.path.trim_end_matches('/');
    let is_page = without != ctx.path && Parameters::of(without).is_some_and(|_| !without.contains("//"));
    // A browser reads an address that begins with `//` or with a backslash behind the slash as the name of another host.
    if !is_page || !is_own_path(&ctx.base) {
        return HttpError::no_such_page().into_response();
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    (StatusCode::PERMANENT_REDIRECT, [("location", format!("{}{query}", ctx.url(without)))]).into_response()
}

/// Whether an address with this path at its beginning stays on this host.
fn is_own_path(base: &str) -> bool {
    !base.contains('\\') && !base.contains("//")
}
