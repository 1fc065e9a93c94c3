//! What Sidekiq's and Solid Queue's command lines take and this one does not: each is answered with what stands in its
//! place.

use clap::Args;

/// Words that are always refused.
#[derive(Args, Debug)]
pub(crate) struct Foreign {
    #[arg(short = 'r', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = require)]
    require: Option<String>,
    #[arg(short = 'd', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = daemon)]
    daemon: Option<String>,
    #[arg(short = 'v', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = verbose)]
    verbose: Option<String>,
    #[arg(short = 'g', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = tag)]
    tag: Option<String>,
    #[arg(short = 'L', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = logfile)]
    logfile: Option<String>,
    #[arg(short = 'P', long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = pidfile)]
    pidfile: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = mode)]
    mode: Option<String>,
    #[arg(long = "config_file", alias = "config-file", hide = true, num_args = 0..=1, default_missing_value = "",
          value_parser = config_file)]
    config_file: Option<String>,
}

fn require(_text: &str) -> Result<String, String> {
    Err("the jobs are compiled into the program, so that there is nothing to load; leave it away".into())
}

fn daemon(_text: &str) -> Result<String, String> {
    Err("the program stays in the foreground; let systemd or another service manager run it".into())
}

fn verbose(_text: &str) -> Result<String, String> {
    Err("log lines go where the program sends them; set its filter, as `RUST_LOG=debug`".into())
}

fn tag(_text: &str) -> Result<String, String> {
    Err("the name of the process is set in the code, with `.name(..)`".into())
}

fn logfile(_text: &str) -> Result<String, String> {
    Err("log lines go where the program sends them; send its output to a file".into())
}

fn pidfile(_text: &str) -> Result<String, String> {
    Err("systemd or another service manager knows the process; `jobsctl processes` shows its number".into())
}

fn mode(_text: &str) -> Result<String, String> {
    Err("there is one: all workers are in this process, which uses all cores; start it several times for more".into())
}

fn config_file(_text: &str) -> Result<String, String> {
    Err("the configuration is named with `-C`, as `-C config/queue.yml`".into())
}
