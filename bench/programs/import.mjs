/** Imports the package and ends. */
import 'tstorch';
