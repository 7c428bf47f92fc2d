//! A control group with a limit of memory, in version 1 or 2, removed when dropped.

use std::fmt;
use std::fs::{read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Command;

use portcullis_test_support::process::portcullis;

const MOUNTED: &str = "/sys/fs/cgroup";

/// The files of a version.
struct Files {
    limit: &'static str,
    peak: &'static str,
    events: &'static str,
}

const VERSION_1: Files = Files {
    limit: "memory.limit_in_bytes",
    peak: "memory.max_usage_in_bytes",
    events: "memory.oom_control",
};
const VERSION_2: Files = Files {
    limit: "memory.max",
    peak: "memory.peak",
    events: "memory.events",
};

/// A control group of this process.
pub(crate) struct ControlGroup {
    folder: PathBuf,
    files: Files,
}

impl ControlGroup {
    /// Makes a group inside that of this process, or at the top if groups may not be made there.
    pub(crate) fn make(limit: u64) -> Result<Self, String> {
        let groups = read_to_string("/proc/self/cgroup").map_err(|error| error.to_string())?;
        let own = |has: &dyn Fn(&str) -> bool| {
            let mut lines = groups
                .lines()
                .filter_map(|line| line.split_once(':')?.1.split_once(':'));
            lines
                .find(|(controllers, _)| has(controllers))
                .map(|(_, path)| path.to_owned())
        };
        let version_1 = own(&|controllers| controllers.split(',').any(|name| name == "memory"));
        let version_2 = own(&str::is_empty);
        let (mount, own, files) = match (version_1, version_2) {
            (Some(path), _) => (Path::new(MOUNTED).join("memory"), path, VERSION_1),
            (None, Some(path)) => (PathBuf::from(MOUNTED), path, VERSION_2),
            (None, None) => return Err("this process has no group".to_owned()),
        };
        let name = format!("portcullis-load-{}", std::process::id());
        let inside = mount.join(own.trim_start_matches('/')).join(&name);
        let mut reason = String::new();
        for folder in [inside, mount.join(&name)] {
            let made = std::fs::create_dir(&folder).and_then(|()| write(folder.join(files.limit), limit.to_string()));
            match made {
                Ok(()) => return Ok(Self { folder, files }),
                Err(error) => {
                    let _ = std::fs::remove_dir(&folder);
                    reason = error.to_string();
                }
            }
        }
        Err(reason)
    }

    /// A command that starts the program in the group.
    pub(crate) fn command(&self, program: &str, data: &Path) -> Command {
        let mut command = portcullis("/bin/sh", data);
        let script = format!("echo $$ > {}/cgroup.procs && exec \"$0\"", self.folder.display());
        command.args(["-c", &script, program]);
        command
    }

    /// The number of processes that were killed for memory.
    pub(crate) fn kills(&self) -> Option<u64> {
        let text = read_to_string(self.folder.join(self.files.events)).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("oom_kill "))?;
        line.trim().parse().ok()
    }

    /// The most memory of the group, with page cache, in bytes.
    pub(crate) fn peak(&self) -> Option<u64> {
        read_to_string(self.folder.join(self.files.peak))
            .ok()?
            .trim()
            .parse()
            .ok()
    }
}

impl fmt::Display for ControlGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the control group {}", self.folder.display())
    }
}

impl Drop for ControlGroup {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.folder);
    }
}
