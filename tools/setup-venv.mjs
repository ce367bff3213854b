#!/usr/bin/env node
/*
 * Creates `.venv` inside the checkout and installs what the tests and the demo need of Python (test/requirements.txt).
 *
 * Does nothing when that was done before: a stamp in the environment holds the hash of the requirements and of the interpreter's
 * version. Set PYTHON to use a certain interpreter.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const VENV = join(ROOT, '.venv');
const STAMP = join(VENV, '.requirements-stamp');
const REQUIREMENTS = join(ROOT, 'test', 'requirements.txt');
const OLDEST = [3, 10];

/** Stops with a message that tells what to do; never with a stack trace. */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The version of an interpreter, or undefined if there is none by that name. */
function versionOf(command) {
  const result = spawnSync(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The interpreter to make the environment with. */
function findPython() {
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const seen = [];
  for (const command of candidates) {
    const version = versionOf(command);
    if (version && isNewEnough(version)) return { command, version };
    if (version) seen.push(`${command} is ${version}`);
  }
  return fail([
    `The tests and the demo need Python ${OLDEST.join('.')} or newer, with the venv module.`,
    seen.length > 0 ? `Found: ${seen.join(', ')}.` : `Found none of: ${candidates.join(', ')}.`,
    'Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python; or https://www.python.org/downloads/),',
    'or name an interpreter in the environment variable PYTHON.',
  ].join('\n'));
}

/** The requirements files, with those that they include. */
function readRequirements(file) {
  const text = readFileSync(file, 'utf8');
  const included = [...text.matchAll(/^-r\s+(\S+)/gm)].map((match) => readRequirements(join(dirname(file), match[1])));
  return [text, ...included].join('\n');
}

/** Runs a command with its output visible; resolves to its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => fail(`${command} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

const python = findPython();
const wanted = createHash('sha256').update(python.version).update(readRequirements(REQUIREMENTS)).digest('hex');
const venvPython = join(VENV, 'bin', 'python');

if (existsSync(STAMP) && existsSync(venvPython) && readFileSync(STAMP, 'utf8') === wanted) {
  process.exit(0);
}

process.stdout.write(`Creating ${relative(ROOT, VENV)} with Python ${python.version} (once; about a minute)...\n`);
rmSync(VENV, { recursive: true, force: true });
mkdirSync(VENV, { recursive: true });
if (await run(python.command, ['-m', 'venv', VENV]) !== 0 || !existsSync(venvPython)) {
  rmSync(VENV, { recursive: true, force: true });
  fail([
    `${python.command} -m venv did not work: Python's venv module is missing or incomplete.`,
    'Debian and Ubuntu ship it apart: apt install python3-venv.',
  ].join('\n'));
}

process.stdout.write(`Installing ${relative(ROOT, REQUIREMENTS)}...\n`);
const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '-r', REQUIREMENTS];
if (await run(venvPython, process.env.VERBOSE ? pip : [...pip, '--quiet']) !== 0) {
  fail(`pip could not install ${relative(ROOT, REQUIREMENTS)}: see its message above. Is the package index (PyPI) reachable?`);
}

// Written last and in one step, so that an interrupted installation starts over.
writeFileSync(`${STAMP}.new`, wanted);
renameSync(`${STAMP}.new`, STAMP);
process.stdout.write(`${relative(ROOT, VENV)} is ready.\n`);
