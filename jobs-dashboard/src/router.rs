//! The routes of the dashboard.

use std::sync::Arc;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app_state::AppState;
use crate::error::HttpError;
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

/// Redirects a path that ends in a slash to the path without it.
async fn redirect_or_not_found(OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    let without = path.trim_end_matches('/');
    // A path that begins with `//` would be read by the browser as the name of another host.
    if without != path && without.starts_with('/') && !without.starts_with("//") {
        return (StatusCode::PERMANENT_REDIRECT, [("location", without.to_owned())]).into_response();
    }
    HttpError::not_found("There is no such page.").into_response()
}
