//! The builder of the dashboard: access, display and hooks.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jobs_core::{
    ArgumentView, Clock, Enqueued, Error, JobIds, RecurringTask, Registry, Store, StoreExt, SystemClock, SystemEntropy,
};
use tokio::net::TcpListener;

use crate::actions::audit::Action;
use crate::app_state::AppState;
use crate::bulk::registry::BulkActions;
use crate::router;
use crate::security::access::Access;
use crate::security::allowed_hosts::AllowedHosts;
use crate::security::basic_auth::Account;
use crate::serve::{Limits, serve_until};
use crate::stats::last_hour::LastHour;
use crate::stats::sampler::Sampler;

/// The default interval between samples, and the shortest one.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(5);
const MIN_SAMPLE_INTERVAL: Duration = Duration::from_millis(100);

/// How many connections the server of a dashboard has at a time. Up to 100 of them can be live pages.
const LIMITS: Limits = Limits { connections: 256, head: Duration::from_secs(10), replaces_oldest: false };

/// Shows a store and acts on it; becomes a router.
///
/// It reads by [`Inspect`](jobs_core::Inspect) and acts by [`Manage`](jobs_core::Manage), on any store that has these
/// capabilities.
#[must_use = "a dashboard is visible when its router is mounted"]
pub struct Dashboard {
    app: AppState,
    /// The first mistake in the settings.
    mistake: Option<&'static str>,
}

impl Dashboard {
    /// A dashboard for a store: that of a client, as `Dashboard::new(&client)`, or one that was opened with
    /// [`connect`](jobs_core::connect).
    ///
    /// By default no user has access (see [`router`](Self::router)), users with access can also act, and arguments are shown
    /// of the jobs that this program knows, as their `redact` and `log_arguments` allow.
    pub fn new(store: impl Into<Arc<dyn Store>>) -> Self {
        let store = store.into();
        let app = AppState {
            clock: Arc::new(SystemClock),
            // A program without jobs, or with mistakes in them, can still serve a dashboard: it only shows fewer arguments.
            arguments: ArgumentView::new(Registry::collect().ok()),
            access: Access::Undecided,
            hosts: AllowedHosts::Any,
            title: "jobs".to_owned(),
            public_path: String::new(),
            read_only: false,
            is_https: false,
            on_action: None,
            task_runner: None,
            ids: JobIds::new(),
            entropy: SystemEntropy::new(),
            sampler: Arc::new(Sampler::new(Arc::clone(&store), SAMPLE_INTERVAL)),
            last_hour: LastHour::default(),
            bulk_actions: BulkActions::default(),
            store,
        };
        Self { app, mistake: None }
    }

    /// Gives access to a user with this name and password, by HTTP basic authentication. Call it once for each user.
    ///
    /// The browser sends the password with every request: serve the dashboard over TLS, or on the local machine.
    pub fn password(mut self, user: impl Into<String>, password: impl AsRef<str>) -> Self {
        let (user, password) = (user.into(), password.as_ref());
        // A `:` separates the name from the password, so a name that contains one could never sign in.
        if user.is_empty() || user.contains(':') || password.is_empty() {
            self.mistake =
                Some("a user of the dashboard needs a name without `:` and a password, neither of them empty");
        }
        self.app.access.add(Account::new(user, password));
        self
    }

    /// Gives access to the users that your own layer has authenticated. The layer has to insert an [`Actor`](crate::Actor)
    /// into the extensions of each request. A request without one is refused, so that a forgotten layer does not open the
    /// dashboard.
    pub fn authenticated_by_layer(mut self) -> Self {
        self.app.access = Access::Layer;
        self
    }

    /// Gives access to every client that can reach the dashboard.
    pub fn without_authentication(mut self) -> Self {
        self.app.access = Access::Open;
        self
    }

    /// Gives access to every client, for a server that listens only on the loopback address. Requests are answered only if
    /// they name this machine by `localhost`, `127.0.0.1` or `[::1]`: otherwise a page of another site could reach the
    /// dashboard through a name of its own that resolves to the loopback address.
    pub fn only_local(mut self) -> Self {
        self.app.hosts = AllowedHosts::Loopback;
        self.without_authentication()
    }

    /// Answers only requests for these host names, without a port. By default it answers requests for all hosts.
    pub fn hosts<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.app.hosts = AllowedHosts::Only(names.into_iter().map(Into::into).collect());
        self
    }

    /// Removes all forms and refuses every change with 403.
    pub fn read_only(mut self) -> Self {
        self.app.read_only = true;
        self
    }

    /// The title at the top of each page; by default `jobs`.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.app.title = title.into();
        self
    }

    /// The path that a proxy removes from the beginning of addresses, as `/ops`; by default none. The dashboard finds out by
    /// itself at which path its router is nested.
    pub fn public_path(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if !path.is_empty() && (!path.starts_with('/') || path.starts_with("//")) {
            self.mistake = Some("the public path of the dashboard begins with one `/`, as `/ops`");
        }
        path.trim_end_matches('/').clone_into(&mut self.app.public_path);
        self
    }

    /// Sends cookies only over TLS. Without this, it does so if the header `X-Forwarded-Proto` says `https`.
    pub fn https(mut self) -> Self {
        self.app.is_https = true;
        self
    }

    /// The jobs whose definitions tell which arguments are secret. By default those that `#[job]` registered.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.app.arguments = std::mem::take(&mut self.app.arguments).with_registry(registry);
        self
    }

    /// Also shows the arguments of jobs that this program does not know. It cannot tell which of them are secret.
    pub fn show_unknown_arguments(mut self) -> Self {
        self.app.arguments = std::mem::take(&mut self.app.arguments).show_unknown();
        self
    }

    /// The clock for relative times; by default the clock of the machine.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.app.clock = clock;
        self
    }

    /// The interval at which it samples the store for its charts and live pages, from the first request on; by default 5
    /// seconds, at least 100 milliseconds. The samples of the last 30 minutes are kept in memory.
    pub fn sampled_every(mut self, every: Duration) -> Self {
        let interval = every.max(MIN_SAMPLE_INTERVAL);
        self.app.sampler = Arc::new(Sampler::new(Arc::clone(&self.app.store), interval));
        self
    }

    /// Enqueues the job of a recurring task when a user runs the task: in the program that has the job, with its callbacks and
    /// its queue. With a client it is `|task| async move { client.run_recurring(&task).await }` over a clone of the client.
    ///
    /// Without it, the job gets the queue of the last job of its task, and tasks whose jobs are unique cannot be run.
    pub fn recurring_by<F>(mut self, run: impl Fn(RecurringTask) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Enqueued, Error>> + Send + 'static,
    {
        self.app.task_runner = Some(Box::new(move |task| Box::pin(run(task))));
        self
    }

    /// A hook that is called after each action of a user. It runs within the request, so it should be fast. There is one hook;
    /// a later call replaces it.
    pub fn on_action(mut self, hook: impl Fn(&Action) + Send + Sync + 'static) -> Self {
        self.app.on_action = Some(Box::new(hook));
        self
    }

    /// The router, to be nested at any path: `Router::new().nest_service("/jobs", dashboard.router()?)`. With `nest` instead of
    /// `nest_service`, axum does not answer `/jobs/`, with a slash at its end; its `route_service` panics when it is given a router.
    ///
    /// # Errors
    /// No access was chosen, a user name, a password or a path is not valid, or the store does not support queries. The error
    /// [is invalid](Error::is_invalid) and says what to do.
    pub fn router(self) -> Result<Router, Error> {
        if let Some(mistake) = self.mistake {
            return Err(Error::invalid(mistake));
        }
        // No default is safe for everyone, so the program has to choose.
        if matches!(self.app.access, Access::Undecided) {
            return Err(Error::invalid(UNDECIDED));
        }
        self.app.store.require_inspect()?;
        self.app.sampler.start();
        Ok(router::router(Arc::new(self.app)))
    }

    /// Serves the dashboard until `stop` is ready; open responses then have two seconds.
    ///
    /// It has at most 256 connections at a time. It closes those that send no complete head of a request, or read
    /// nothing of a response, for 10 seconds, and every connection after about two minutes.
    ///
    /// On a loopback address it needs no password, and is then [`only_local`](Self::only_local).
    ///
    /// Cancel safe: open responses are cut off.
    ///
    /// # Errors
    /// As [`router`](Self::router), or the address of the listener is not known.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let address = listener
            .local_addr()
            .map_err(|cause| Error::other("the address of the dashboard's listener is not known").with_source(cause))?;
        let is_local = matches!(self.app.access, Access::Undecided) && address.ip().is_loopback();
        let dashboard = if is_local { self.only_local() } else { self };
        serve_until(listener, dashboard.router()?, LIMITS, stop).await
    }
}

const UNDECIDED: &str = "the dashboard does not know who has access: call `.password(user, password)`, \
                         `.authenticated_by_layer()`, `.only_local()` if it listens only on a loopback address, or \
                         `.without_authentication()` if every client that can reach it may use it";

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard").field("app", &self.app).finish_non_exhaustive()
    }
}
