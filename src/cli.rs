//! The command line: what an operator can do on the host. `main` parses it and calls [`Cli::run`].
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, or standard output was closed by
//! its reader; 1 failed; 2 the command line or the configuration is wrong.

mod matching;
mod models;
mod output;
mod password;
mod schema;
mod serve;
mod user;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{self, Config, Flags, LogFormat};
use crate::document::sandbox;
use crate::graphql;
use crate::graphql::request::trusted_documents::TrustedDocuments;

/// SurrealDB's engine recurses deeply; its own server uses this stack size.
const STACK_BYTES: usize = 10 << 20;

/// Accounts, roles and machine-learning inference behind one GraphQL endpoint
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default command)
    Serve,
    /// Print the schema, or the permissions that its fields require
    Schema(schema::SchemaArgs),
    /// Manage accounts; while the server uses an embedded database, stop it first
    #[command(subcommand)]
    User(user::UserCommand),
    /// Match a resume with a job posting, without a server
    Match(matching::MatchArgs),
    /// Train a model that ships with Portcullis
    Train(models::TrainArgs),
    /// Evaluate a model that ships with Portcullis
    Eval(models::EvalArgs),
    /// List and verify the models
    Models,
    /// Check the settings and print them as TOML, with the database password masked
    CheckConfig,
    /// Print a table of all settings in Markdown
    Settings,
    /// Convert a document from standard input to text; the server runs this as a child process
    #[command(hide = true, name = sandbox::COMMAND)]
    ReadDocument {
        /// pdf, docx or html
        kind: String,
    },
}

/// The error that ends a command.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// Exit code 1 and this line.
    Failed(String),
    /// Exit code 2 and this line.
    Usage(String),
    /// Exit code 0, without a message: the reader of standard output has closed it.
    OutputClosed,
}

impl<E: std::error::Error> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Cli {
    /// The kind of file that this process is there to read, if it was started for that.
    #[must_use]
    pub fn reads_document(&self) -> Option<&str> {
        match &self.command {
            Some(Command::ReadDocument { kind }) => Some(kind),
            _ => None,
        }
    }

    /// Runs the command to its end.
    ///
    /// Not `async`: a future is compiled again in each crate that polls it, and this one holds the whole server.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build();
        match runtime {
            // On a worker thread, whose stack size is set here, not on the main thread.
            Ok(runtime) => runtime
                .block_on(runtime.spawn(self.finish()))
                .unwrap_or(ExitCode::FAILURE),
            Err(error) => {
                eprintln!("portcullis: cannot start threads: {error}");
                ExitCode::FAILURE
            }
        }
    }

    async fn finish(self) -> ExitCode {
        let result = self.dispatch().await;
        let (line, code) = match result {
            Ok(()) | Err(CommandError::OutputClosed) => return ExitCode::SUCCESS,
            Err(CommandError::Failed(line)) => (line, 1),
            Err(CommandError::Usage(line)) => (line, 2),
        };
        output::report(format_args!("portcullis: {line}"));
        ExitCode::from(code)
    }

    async fn dispatch(self) -> Result<(), CommandError> {
        match &self.command {
            Some(Command::Schema(args)) => return schema::run(args),
            Some(Command::Settings) => return print_settings(),
            _ => {}
        }
        let config = Config::load(&self.flags).map_err(|error| CommandError::Usage(error.to_string()))?;
        let command = self.command.unwrap_or(Command::Serve);
        start_log(&config, matches!(command, Command::Serve));
        match command {
            Command::Serve => serve::run(config).await,
            Command::Schema(args) => schema::run(&args),
            Command::Settings => print_settings(),
            Command::User(command) => user::run(command, &config).await,
            Command::Match(args) => matching::run(args, &config).await,
            Command::Train(args) if args.name == matching::NAME => matching::train(args.data.as_deref(), &config),
            Command::Train(args) => models::train(&args, &config),
            Command::Eval(args) if args.name == matching::NAME => matching::eval(args.data.as_deref(), &config),
            Command::Eval(args) => models::eval(&args, &config),
            Command::Models => models::list(&config),
            Command::ReadDocument { .. } => Err(CommandError::Usage("read-document is for internal use".to_owned())),
            Command::CheckConfig => {
                check_documents(&config)?;
                let settings = config
                    .masked_toml()
                    .map_err(|error| CommandError::Usage(error.to_string()))?;
                output::print(settings)
            }
        }
    }
}

fn print_settings() -> Result<(), CommandError> {
    print!("{}", config::reference());
    Ok(())
}

/// The manifest of trusted documents is part of the configuration.
fn check_documents(config: &Config) -> Result<(), CommandError> {
    match TrustedDocuments::open(config, || graphql::schema::without_services(config)) {
        Ok(_) => Ok(()),
        Err(error) => Err(CommandError::Usage(error.to_string())),
    }
}

/// Starts the log. Unless `log` is set, commands other than `serve` log errors only.
fn start_log(config: &Config, serving: bool) {
    let filter = match config.logging.log.as_str() {
        log if !serving && log == Config::default().logging.log => "error",
        log => log,
    };
    // `Config::load` has tried the filter already.
    let filter: Targets = filter.parse().unwrap_or_default();
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        // Otherwise a line that cannot be written is reported with `eprintln!`, which panics if standard error is closed.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    let log = match config.logging.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    // A second subscriber in one process is a test's; the first one stays.
    let _ = tracing_subscriber::registry().with(log).with(filter).try_init();
    if serving {
        // A panic's message may quote the text it failed on; where it was is enough.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%place, thread = std::thread::current().name(), "a thread panicked");
        }));
    }
}
