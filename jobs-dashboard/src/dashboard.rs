//! How the dashboard is put together.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jobs_core::{Clock, Enqueued, Error, JobIds, RecurringTask, Registry, Store, StoreExt, SystemClock, SystemEntropy};
use tokio::net::TcpListener;

use crate::access::Access;
use crate::action::Action;
use crate::board::Board;
use crate::hosts::Hosts;
use crate::login::Login;
use crate::sampler::Sampler;
use crate::sweep::Sweeps;
use crate::{routes, serve};

/// How often the store is looked at, unless another span is given.
const EVERY: Duration = Duration::from_secs(5);

/// Shows a store and acts on it; becomes a router.
///
/// It sees by [`Inspect`](jobs_core::Inspect) and acts by [`Manage`](jobs_core::Manage), on any store that has these
/// powers.
#[must_use = "a dashboard is seen when its router is mounted"]
pub struct Dashboard {
    board: Board,
    /// What was said that cannot be.
    fault: Option<&'static str>,
}

impl Dashboard {
    /// Over a store: that of a handle, as `Dashboard::new(&jobs)`, or one that was opened with
    /// [`connect`](jobs_core::connect).
    ///
    /// By default nobody may see it (see [`router`](Self::router)), those who may can also act, and arguments are shown of
    /// the jobs that this program knows, as their `redact` and `log_arguments` allow.
    pub fn new(store: impl Into<Arc<dyn Store>>) -> Self {
        let board = Board {
            store: store.into(),
            clock: Arc::new(SystemClock),
            // A program without jobs is no mistake here: it only knows less of what it shows.
            registry: Registry::collect().ok(),
            access: Access::Undecided,
            hosts: Hosts::Any,
            title: "jobs".to_owned(),
            public_path: String::new(),
            read_only: false,
            is_https: false,
            shows_unknown_arguments: false,
            witness: None,
            runner: None,
            ids: JobIds::new(),
            entropy: SystemEntropy::new(),
            sampler: Sampler::new(EVERY),
            sweeps: Sweeps::default(),
        };
        Self { board, fault: None }
    }

    /// Lets in who says this name and this password, by HTTP's basic authentication. May be called for several people.
    ///
    /// Passwords travel with every request: serve it over TLS, or on this machine.
    pub fn password(mut self, user: impl Into<String>, password: impl AsRef<str>) -> Self {
        let (user, password) = (user.into(), password.as_ref());
        if user.is_empty() || user.contains(':') || password.is_empty() {
            self.fault =
                Some("a login of the dashboard needs a name without `:` and a password, neither of them empty");
        }
        self.board.access.add(Login::new(user, password));
        self
    }

    /// Lets in whom a layer of yours lets in. It has to put an [`Actor`](crate::Actor) among the extensions of each
    /// request; one without is refused, so that a layer that was forgotten opens nothing.
    pub fn authenticated_by_layer(mut self) -> Self {
        self.board.access = Access::Layer;
        self
    }

    /// Lets in everybody who reaches it.
    pub fn without_authentication(mut self) -> Self {
        self.board.access = Access::Open;
        self
    }

    /// Lets in everybody, for a server that listens on the loopback address alone. Only requests for this machine by its
    /// own names (`localhost`, `127.0.0.1`, `[::1]`) are answered: the page of a stranger could otherwise reach it, by a
    /// name of theirs that leads to this address.
    pub fn only_local(mut self) -> Self {
        self.board.hosts = Hosts::Loopback;
        self.without_authentication()
    }

    /// Answers only requests for hosts of these names, without a port; by default for any.
    pub fn hosts<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.board.hosts = Hosts::Only(names.into_iter().map(Into::into).collect());
        self
    }

    /// Nothing can be changed: there are no forms, and whatever would change something is refused with 403.
    pub fn read_only(mut self) -> Self {
        self.board.read_only = true;
        self
    }

    /// What stands in the head of each page; by default `jobs`.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.board.title = title.into();
        self
    }

    /// The path that a proxy in front takes away from addresses, as `/ops`. By default none. Where the router is nested
    /// is found out by itself.
    pub fn public_path(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if !path.is_empty() && (!path.starts_with('/') || path.starts_with("//")) {
            self.fault = Some("the public path of the dashboard begins with one `/`, as `/ops`");
        }
        path.trim_end_matches('/').clone_into(&mut self.board.public_path);
        self
    }

    /// Cookies go over TLS alone. Without it they do where the header `X-Forwarded-Proto` says `https`.
    pub fn https(mut self) -> Self {
        self.board.is_https = true;
        self
    }

    /// The jobs that this program knows: which of their arguments are secret. By default those that `#[job]` registered.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.board.registry = Some(registry);
        self
    }

    /// Shows arguments also of jobs that this program does not know, and so does not know what is secret in them.
    pub fn show_unknown_arguments(mut self) -> Self {
        self.board.shows_unknown_arguments = true;
        self
    }

    /// The clock by which it says how long ago something was; by default the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.board.clock = clock;
        self
    }

    /// How often it looks at the store for its charts and its live pages, from the first request on; by default each 5
    /// seconds, and never more often than each 100 milliseconds. The looks of the last 30 minutes are kept in memory.
    pub fn sampled_every(mut self, every: Duration) -> Self {
        self.board.sampler = Sampler::new(every.max(Duration::from_millis(100)));
        self
    }

    /// How the job of a recurring task is enqueued by hand: by the program that has it, with its callbacks and its own
    /// queue. With a handle it is `|task| async move { jobs.run_recurring(&task).await }` over a clone of it.
    ///
    /// Without it the job goes where the last one of its task went, and tasks whose jobs are unique cannot be run.
    pub fn recurring_by<F>(mut self, run: impl Fn(RecurringTask) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Enqueued, Error>> + Send + 'static,
    {
        self.board.runner = Some(Box::new(move |task| Box::pin(run(task))));
        self
    }

    /// Is told of what is done through the dashboard, after it was done. It runs in the request, so it should not take
    /// long; there is one, and a later call replaces it.
    pub fn on_action(mut self, witness: impl Fn(&Action) + Send + Sync + 'static) -> Self {
        self.board.witness = Some(Box::new(witness));
        self
    }

    /// The router, to be nested at any path: `Router::new().nest("/jobs", dashboard.router()?)`. With `nest_service` in
    /// the place of `nest` the first page is also at `/jobs/`.
    ///
    /// # Errors
    /// Nothing was said about who may see it, a password or a path cannot be, or the store cannot be looked into. The
    /// error [is invalid](Error::is_invalid) and says what to do.
    pub fn router(self) -> Result<Router, Error> {
        if let Some(fault) = self.fault {
            return Err(Error::invalid(fault));
        }
        if matches!(self.board.access, Access::Undecided) {
            return Err(Error::invalid(UNDECIDED));
        }
        self.board.store.looking()?;
        let board = Arc::new(self.board);
        board.begin_looking();
        Ok(routes::router(board))
    }

    /// Serves it alone until `stop` is ready; answers that are under way then have two seconds.
    ///
    /// On a loopback address it needs no password, and is then [`only_local`](Self::only_local).
    ///
    /// Cancel safe: what is under way is cut off.
    ///
    /// # Errors
    /// As [`router`](Self::router), or the address of the listener is not known.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let address = listener.local_addr().map_err(|cause| {
            Error::other("the address that the dashboard is to be served at is not known").with_source(cause)
        })?;
        let is_open = matches!(self.board.access, Access::Undecided) && address.ip().is_loopback();
        let dashboard = if is_open { self.only_local() } else { self };
        serve::until(listener, dashboard.router()?, stop).await
    }
}

const UNDECIDED: &str = "the dashboard does not know who may see it: give it `.password(user, password)`, \
                         `.authenticated_by_layer()`, `.only_local()` if it listens on a loopback address alone, or \
                         `.without_authentication()` if everybody who reaches it may";

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard").field("board", &self.board).finish_non_exhaustive()
    }
}
