//! Command-line flags of the settings.

use std::fmt;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::ValueParser;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::SECTIONS;
use super::section::{Declaration, Setting};

/// Id and name of the flag for the settings file.
const CONFIG: &str = "config";

/// Settings given as flags. Other settings come from the environment, the file or the defaults.
#[derive(Default)]
pub struct Flags {
    /// Path of the settings file.
    pub config: Option<PathBuf>,
    /// Unparsed values by key.
    pub(super) given: Vec<(&'static str, String)>,
}

/// Settings that have a flag, with the flag's name.
static FLAGS: LazyLock<Vec<(&Declaration, &Setting, String)>> = LazyLock::new(|| {
    let settings = SECTIONS
        .iter()
        .flat_map(|section| section.settings.iter().map(move |setting| (section, setting)));
    settings
        .filter(|(_, setting)| setting.flag.is_some())
        .map(|(section, setting)| (section, setting, setting.key.replace('_', "-")))
        .collect()
});

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(CONFIG)
            .long(CONFIG)
            .value_name("FILE")
            .global(true)
            .value_parser(value_parser!(PathBuf))
            .help("TOML file of settings [env: PORTCULLIS_CONFIG]");
        FLAGS
            .iter()
            .fold(command.arg(file), |command, (section, setting, name)| {
                command.arg(
                    Arg::new(setting.key)
                        .long(name.as_str())
                        .value_name(setting.flag)
                        .global(true)
                        .value_parser(ValueParser::string())
                        .help_heading(section.name)
                        .help(help(section, setting))
                        .hide_short_help(true),
                )
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |key| matches.get_one::<String>(key).cloned();
        Ok(Self {
            config: matches.get_one(CONFIG).cloned(),
            given: FLAGS
                .iter()
                .filter_map(|(_, setting, _)| Some((setting.key, value(setting.key)?)))
                .collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn help(section: &Declaration, setting: &Setting) -> String {
    let (allowed, default) = (setting.allowed(), section.default(setting));
    let text = format!("{}\n[default: {default}] [allowed: {allowed}]", setting.about);
    text.replace('`', "")
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys only: the database URL may contain a password.
        let keys = self.given.iter().map(|(key, _)| key);
        f.debug_set().entries(keys).finish()
    }
}
