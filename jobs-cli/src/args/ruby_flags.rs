//! Flags of Sidekiq's and Solid Queue's command lines that do not exist here: each is refused with its replacement.

use clap::Args;

/// Hidden flags that are always refused.
#[derive(Args, Debug)]
pub(crate) struct RubyFlags {
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
    Err("the jobs are compiled into the program, so there is nothing to load; remove this flag".into())
}

fn daemon(_text: &str) -> Result<String, String> {
    Err("the program stays in the foreground; run it with systemd or another service manager".into())
}

fn verbose(_text: &str) -> Result<String, String> {
    Err("the program decides where log lines go; set its filter, such as `RUST_LOG=debug`".into())
}

fn tag(_text: &str) -> Result<String, String> {
    Err("the name of the process is set in the code, with `.name(..)`".into())
}

fn logfile(_text: &str) -> Result<String, String> {
    Err("the program decides where log lines go; send its output to a file".into())
}

fn pidfile(_text: &str) -> Result<String, String> {
    Err("systemd or another service manager knows the process; `jobsctl processes` shows its process id".into())
}

fn mode(_text: &str) -> Result<String, String> {
    Err("there is only one mode: all workers are in this process, which uses all cores; for more, start the program \
         several times"
        .into())
}

fn config_file(_text: &str) -> Result<String, String> {
    Err("the configuration is named with `-C`, as in `-C config/queue.yml`".into())
}
