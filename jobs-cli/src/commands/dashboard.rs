//! `dashboard`: serves a dashboard of the store to browsers.

use std::env::VarError;
use std::sync::Arc;

use jobs::Error;
use jobs_dashboard::Dashboard;

use crate::args::DashboardArgs;
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::process::bind::bind;
use crate::process::{logs, signals, systemd};
use crate::store::{OpenStore, Target};

const PASSWORD: &str = "JOBS_DASHBOARD_PASSWORD";

pub(crate) async fn dashboard(target: &Target, args: &DashboardArgs, configure: Option<Configure>) -> CommandResult {
    let store = target.open().await?;
    logs::init()?;
    let password = password()?;
    let is_open = password.is_none() && !args.without_authentication;
    if let Some(user) = args.user.as_ref().filter(|_| is_open) {
        return Err(without_password(user).into());
    }
    let mut dashboard = configured(&store, args, password);
    if let Some(configure) = configure {
        let builder = runtime_builder(&target.config()?, configure);
        let client = builder.store(Arc::clone(&store.handle)).build_client().await?;
        dashboard = dashboard.recurring_by(move |task| {
            let client = client.clone();
            async move { client.run_recurring(&task).await }
        });
    }
    let listener = bind(&args.bind, "--bind", "127.0.0.1:4000").await?;
    let address =
        listener.local_addr().map_err(|cause| Error::other("cannot read the bound address").with_source(cause))?;
    if is_open && !address.ip().is_loopback() {
        return Err(unprotected(&args.bind).into());
    }
    let stop = signals::stop()?;
    anstream::eprintln!("the dashboard is at http://{address}");
    let shutdown = async move {
        systemd::ready("serves the dashboard");
        tokio::select! {
            () = stop => systemd::stopping(),
            () = systemd::keep_alive() => {}
        }
    };
    dashboard.serve(listener, shutdown).await?;
    Ok(Exit::Success)
}

fn password() -> Result<Option<String>, Error> {
    match std::env::var(PASSWORD) {
        Ok(password) => Ok(Some(password)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid(format!("the value of `{PASSWORD}` is not valid Unicode"))),
    }
}

fn configured(store: &OpenStore, args: &DashboardArgs, password: Option<String>) -> Dashboard {
    let mut dashboard = Dashboard::new(Arc::clone(&store.handle));
    if args.without_authentication {
        dashboard = dashboard.without_authentication();
    } else if let Some(password) = password {
        dashboard = dashboard.password(args.user.as_deref().unwrap_or("jobs"), password);
    }
    if args.read_only {
        dashboard = dashboard.read_only();
    }
    if args.arguments {
        dashboard = dashboard.show_unknown_arguments();
    }
    if let Some(path) = &args.public_path {
        dashboard = dashboard.public_path(path.as_str());
    }
    if args.hosts.is_empty() { dashboard } else { dashboard.hosts(&args.hosts) }
}

fn without_password(user: &str) -> Error {
    Error::invalid(format!(
        "the user `{user}` has no password, so that everyone could see and change all jobs: set `{PASSWORD}`"
    ))
}

fn unprotected(bind: &str) -> Error {
    Error::invalid(format!(
        "other machines can reach `{bind}`, and there is no password: set `{PASSWORD}`, listen only on `127.0.0.1`, or \
         add `--without-authentication` if everyone may see and change all jobs"
    ))
}
