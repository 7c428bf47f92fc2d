//! Command-line interface for operators. `main` parses the arguments and calls [`Cli::run`].
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 on success, or if the reader of
//! standard output closed it; 1 on failure; 2 if the command line or the configuration is invalid.

mod backup;
mod backup_secret;
mod data_key;
mod export;
mod key;
mod matching;
mod models;
mod output;
mod password;
mod postings;
mod progress;
mod read;
mod reading;
mod restore;
mod schema;
mod serve;
mod user;

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{self, Config, Flags, LogFormat};
use crate::document::sandbox;
use crate::graphql;
use crate::graphql::request::trusted_documents::TrustedDocuments;
use crate::log::LineFormat;
use crate::memory::Division;

/// Stack size of worker threads. SurrealDB recurses deeply; its own server uses the same size.
const STACK_BYTES: usize = 10 << 20;

/// A server that matches resumes with job postings, with accounts, roles and classifiers behind one GraphQL endpoint
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
    /// Print the GraphQL schema, or the permissions that its fields require
    Schema(schema::SchemaArgs),
    /// Manage accounts. With an embedded database, stop the server first
    #[command(subcommand)]
    User(user::UserCommand),
    /// Manage the key that signs access tokens. With an embedded database, stop the server first
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Manage the key that encrypts personal data in the database
    #[command(subcommand)]
    DataKey(data_key::DataKeyCommand),
    /// Write an encrypted backup of an embedded database and the signing keys. The server may run
    Backup(backup::BackupArgs),
    /// Write an embedded database as SurrealQL, to import it into a SurrealDB server. Stop the server first
    Export(export::ExportArgs),
    /// Restore a backup into an empty data folder, or verify it
    Restore(restore::RestoreArgs),
    /// Match a resume with a job posting. Does not need a running server
    Match(matching::MatchArgs),
    /// Print the text of a file as a match reads it, without hidden text. Does not need a running server
    Read(read::ReadArgs),
    /// Train a model that ships with Portcullis
    Train(models::TrainArgs),
    /// Evaluate a model that ships with Portcullis, or the reading of files
    Eval(models::EvalArgs),
    /// Verify and list the models
    Models,
    /// Check the settings and print them as TOML, with the database password masked
    CheckConfig,
    /// Print the reference of all settings as Markdown
    Settings,
    /// Convert a document from standard input to text. Internal; run as a child process
    #[command(hide = true, name = sandbox::COMMAND)]
    ReadDocument {
        /// Format: pdf, docx or html
        kind: String,
        /// Maximum memory in bytes
        memory_bytes: u64,
    },
}

/// An error that ends a command.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// The command failed: exit code 1. Contains the message, one line.
    Failed(String),
    /// The command line or the configuration is invalid: exit code 2. Contains the message, one line.
    Usage(String),
    /// The reader of standard output closed it: exit code 0, no message.
    OutputClosed,
}

impl<E: std::error::Error> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Cli {
    /// The document format and the maximum memory of the internal `read-document` command, if this is the command.
    #[must_use]
    pub fn reads_document(&self) -> Option<(&str, u64)> {
        match &self.command {
            Some(Command::ReadDocument { kind, memory_bytes }) => Some((kind, *memory_bytes)),
            _ => None,
        }
    }

    /// Runs the command to completion.
    ///
    /// Not `async`: a future is compiled in each crate that polls it, and this one contains the whole server.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build();
        match runtime {
            // Runs on a worker thread, because the stack size above does not apply to the main thread.
            Ok(runtime) => runtime
                .block_on(runtime.spawn(self.finish()))
                .unwrap_or(ExitCode::FAILURE),
            Err(error) => {
                eprintln!("portcullis: failed to start the runtime: {error}");
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
            Some(Command::Schema(args)) if !args.names_roles() => return schema::run(args),
            Some(Command::Settings) => return print_settings(),
            _ => {}
        }
        let config = Config::load(&self.flags).map_err(|error| CommandError::Usage(error.to_string()))?;
        let command = self.command.unwrap_or(Command::Serve);
        start_log(&config, matches!(command, Command::Serve));
        sandbox::limit(config.division().readers());
        match command {
            Command::Serve => serve::run(config).await,
            Command::Schema(args) => schema::run_for_roles(&args, &config).await,
            Command::Settings => print_settings(),
            Command::User(command) => user::run(command, &config).await,
            Command::Key(command) => key::run(&command, &config).await,
            Command::DataKey(command) => data_key::run(command, &config).await,
            Command::Backup(args) => backup::run(args, &config).await,
            Command::Export(args) => export::run(&args, &config).await,
            Command::Restore(args) => restore::run(args, &config).await,
            Command::Match(args) => matching::run(args, &config).await,
            Command::Read(args) => read::run(&args),
            Command::Train(args) if args.name == matching::NAME => matching::train(args.data.as_deref(), &config),
            Command::Train(args) if args.name == postings::NAME => postings::train(args.data, args.seed, &config),
            Command::Train(args) => models::train(&args, &config),
            Command::Eval(args) if args.name == matching::NAME => {
                matching::eval(args.data.as_deref(), args.ablations, &config)
            }
            Command::Eval(args) if args.name == postings::NAME => postings::eval(args.data, &config),
            Command::Eval(args) if args.name == reading::NAME => reading::eval(&args, &config),
            Command::Eval(args) if args.name == matching::TRADES => {
                matching::eval_trades(args.data.as_deref(), &config)
            }
            Command::Eval(args) => models::eval(&args, &config),
            Command::Models => models::list(&config),
            Command::ReadDocument { .. } => Err(CommandError::Usage("read-document is for internal use".to_owned())),
            Command::CheckConfig => {
                check_documents(&config)?;
                let data_keys = config.store.data_keys().map(drop);
                data_keys
                    .and_then(|()| config.check_server())
                    .map_err(|error| CommandError::Usage(error.to_string()))?;
                let settings = config
                    .masked_toml()
                    .map_err(|error| CommandError::Usage(error.to_string()))?;
                output::print(settings)?;
                output::print(memory_comment(&config.division()))
            }
        }
    }
}

fn print_settings() -> Result<(), CommandError> {
    output::print(config::reference())
}

/// The division of the memory, as comments of TOML.
fn memory_comment(division: &Division) -> String {
    let parts = division
        .parts()
        .map(|(part, bytes)| (part, format!("{} MiB", bytes >> 20)));
    let readers = division.readers();
    let limits = [
        ("one memtable of the store", format!("{} MiB", division.memtable_mib())),
        ("all request bodies", format!("{} MiB", division.bodies() >> 20)),
        ("open connections", division.connections().to_string()),
        ("password hashes at once", division.password_permits().to_string()),
        (
            "readers of documents at once",
            format!("{} of {} MiB", readers.count, readers.memory >> 20),
        ),
    ];
    let mut text = format!("\n# The memory of {}:\n", division.memory());
    for (name, size) in parts {
        let _ = writeln!(text, "# {name:<32}{size}");
    }
    text += "# By these parts:\n";
    for (name, size) in limits {
        let _ = writeln!(text, "# {name:<32}{size}");
    }
    text
}

/// Validates the manifest of trusted documents, which is part of the configuration.
fn check_documents(config: &Config) -> Result<(), CommandError> {
    match TrustedDocuments::open(config, || graphql::schema::admission(config)) {
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
    // `Config::load` has validated the filter.
    let filter: Targets = filter.parse().unwrap_or_default();
    let format = match config.logging.log_format {
        LogFormat::Text => LineFormat::text(std::io::stderr().is_terminal()),
        LogFormat::Json => LineFormat::json(),
    };
    let log = tracing_subscriber::fmt::layer()
        .event_format(format)
        // If enabled, failed writes are reported with `eprintln!`, which panics if standard error is closed.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    // Fails if a subscriber is already set, which happens in tests only.
    let _ = tracing_subscriber::registry().with(log).with(filter).try_init();
    if serving {
        // Logs the location only: a panic message may contain personal data.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%place, thread = std::thread::current().name(), "thread panicked");
        }));
    }
}
