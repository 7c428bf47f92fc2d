//! A small file system: a tmpfs in a mount namespace of its own, which a process holds until the value is dropped. Needs
//! root or user namespaces, and `unshare` and `nsenter`, which are part of Debian's base system.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Without and with a user namespace.
const NAMESPACES: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
const MOUNT: &str = "mount -t tmpfs -o size=$0 tmpfs \"$1\" && echo mounted && exec sleep 3600";

pub(crate) struct SmallDisk {
    folder: tempfile::TempDir,
    holder: Child,
    own_user: bool,
}

impl SmallDisk {
    pub(crate) fn new(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (namespace, own_user) in NAMESPACES.into_iter().zip([false, true]) {
            let mut holder = Command::new("unshare")
                .args(namespace)
                .args(["sh", "-c", MOUNT, size])
                .arg(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("`unshare` runs");
            let mut line = String::new();
            BufReader::new(holder.stdout.take().unwrap())
                .read_line(&mut line)
                .unwrap();
            if line == "mounted\n" {
                return Self {
                    folder,
                    holder,
                    own_user,
                };
            }
            holder.wait().unwrap();
        }
        panic!("this test mounts a tmpfs, and needs root or user namespaces for that");
    }

    /// The folder of the disk, as a program sees it that [`SmallDisk::run`] starts.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the disk, as this process sees it.
    pub(crate) fn path_from_outside(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.path().strip_prefix("/").unwrap())
    }

    /// A command that runs a program that sees the disk.
    pub(crate) fn run(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.holder.id().to_string(), "--mount"]);
        if self.own_user {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.arg("--").arg(program);
        command
    }

    fn filler(&self) -> PathBuf {
        self.path_from_outside().join("filler")
    }

    /// Uses up the disk to the last byte.
    pub(crate) fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        loop {
            match file.write_all(&[0; 4096]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Reverts [`SmallDisk::fill`].
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
