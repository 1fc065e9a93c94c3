//! Serves a dashboard of the store.

use std::env::VarError;
use std::sync::Arc;

use jobs::Error;
use tokio::net::TcpListener;

use crate::arguments;
use crate::commands::start::builder;
use crate::ending::{Ending, Result};
use crate::place::{Place, Scene};
use crate::program::Configure;
use crate::{logs, signals, systemd};

const PASSWORD: &str = "JOBS_DASHBOARD_PASSWORD";

pub(crate) async fn dashboard(
    place: &Place,
    asked: &arguments::Dashboard,
    configure: Option<Configure>,
) -> Result<Ending> {
    let scene = place.open().await?;
    logs::begin()?;
    let password = password()?;
    let is_open = password.is_none() && !asked.without_authentication;
    let mut dashboard = set_up(&scene, asked, password);
    if let Some(configure) = configure {
        let jobs = builder(&place.config()?, configure).store(Arc::clone(&scene.store)).build_handle().await?;
        dashboard = dashboard.recurring_by(move |task| {
            let jobs = jobs.clone();
            async move { jobs.run_recurring(&task).await }
        });
    }
    let listener = TcpListener::bind(&asked.bind).await.map_err(|cause| {
        Error::invalid(format!("`{}` is no address that can be listened at; write `--bind 127.0.0.1:4000`", asked.bind))
            .with_source(cause)
    })?;
    let address = listener.local_addr().map_err(|cause| Error::other("the address is not known").with_source(cause))?;
    if is_open && !address.ip().is_loopback() {
        return Err(unprotected(&asked.bind).into());
    }
    let stop = signals::stop()?;
    anstream::eprintln!("the dashboard is at http://{address}");
    let stopping = async move {
        systemd::ready("serves the dashboard");
        tokio::select! {
            () = stop => systemd::stopping(),
            () = systemd::keep_alive() => {}
        }
    };
    dashboard.serve(listener, stopping).await?;
    Ok(Ending::Done)
}

fn password() -> Result<Option<String>, Error> {
    match std::env::var(PASSWORD) {
        Ok(password) => Ok(Some(password)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid(format!("what is in `{PASSWORD}` is no Unicode"))),
    }
}

fn set_up(scene: &Scene, asked: &arguments::Dashboard, password: Option<String>) -> jobs_dashboard::Dashboard {
    let mut dashboard = jobs_dashboard::Dashboard::new(Arc::clone(&scene.store));
    if asked.without_authentication {
        dashboard = dashboard.without_authentication();
    } else if let Some(password) = password {
        dashboard = dashboard.password(asked.user.as_str(), password);
    }
    if asked.read_only {
        dashboard = dashboard.read_only();
    }
    if asked.arguments {
        dashboard = dashboard.show_unknown_arguments();
    }
    if let Some(path) = &asked.public_path {
        dashboard = dashboard.public_path(path.as_str());
    }
    if asked.hosts.is_empty() { dashboard } else { dashboard.hosts(&asked.hosts) }
}

fn unprotected(bind: &str) -> Error {
    Error::invalid(format!(
        "`{bind}` can be reached from elsewhere, and no password is set: put one into `{PASSWORD}`, listen at \
         `127.0.0.1` alone, or say `--without-authentication` if everybody may see and change all jobs"
    ))
}
