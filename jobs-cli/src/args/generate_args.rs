//! The arguments of `generate` and `new`, which write code.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum GenerateCommand {
    /// Writes a job with its test, and declares its module
    Job(GenerateJobArgs),
    /// Writes Rust for the jobs of a Ruby file, so that this program enqueues them and Ruby performs them
    Remote(GenerateRemoteArgs),
    /// Writes a Ruby class for each job of this program, so that Ruby enqueues it and this program performs it
    Ruby(GenerateRubyArgs),
}

#[derive(Args, Debug)]
pub(crate) struct GenerateRemoteArgs {
    /// The Ruby file, such as `app/jobs/email_job.rb`. Ruby is not run: classes, `queue_as` and the parameters of `perform`
    /// are read
    pub(crate) file: PathBuf,
    /// Prints what would be written, and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GenerateRubyArgs {
    /// The folder to write to
    #[arg(long, default_value = "app/jobs", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The class that all classes inherit from
    #[arg(long, default_value = "ApplicationJob", value_name = "CLASS")]
    pub(crate) parent: String,
    /// Prints what would be written, and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GenerateJobArgs {
    /// The name of the job, such as `SendEmail`, `send_email` or `admin/cleanup`
    pub(crate) name: String,
    /// The arguments of the job, such as `user_id:u64` and `note:Option<String>`, or with Rails' types
    /// `user_id:integer` and `note:string?`
    #[arg(value_name = "NAME:TYPE")]
    pub(crate) arguments: Vec<String>,
    /// The queue of the job; by default that of its base, or `default`
    #[arg(short, long)]
    pub(crate) queue: Option<String>,
    /// The base of the job: a name such as `ApplicationJob`, which is written if it does not exist, or a path such as
    /// `crate::jobs::NightJob`. By default the job has no base
    #[arg(short, long, visible_alias = "parent")]
    pub(crate) base: Option<String>,
    /// Prints what would be written, and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct NewProjectArgs {
    /// A folder that is empty or does not exist; its last part becomes the name of the crate
    pub(crate) folder: PathBuf,
    /// The folder with the sources of `jobs` that the project is built with. By default the one that this program was
    /// built from
    #[arg(long, value_name = "FOLDER")]
    pub(crate) path: Option<PathBuf>,
    /// Prints what would be written, and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
