import { IconFile, IconFolder, IconPhoto } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './files.module.css';
import { imageType, type TreeNode } from './tree';

interface FileTreeProps<F> {
  nodes: readonly TreeNode<F>[];
  /** What a file is shown as: a link to it, or a button. */
  render: (node: TreeNode<F>, content: ReactNode) => ReactNode;
}

/** Folders that open and close, and files; all of it reached with Tab and Enter. */
export function FileTree<F>({ nodes, render }: FileTreeProps<F>) {
  return (
    <ul className={classes.tree}>
      {nodes.map((node) => (
        <li key={`${node.children ? 'folder' : 'file'}:${node.path}`}>
          {node.children ? (
            <details open className={classes.folder}>
              <summary>
                <IconFolder size={15} stroke={1.6} aria-hidden />
                <span>{node.name}</span>
              </summary>
              <FileTree nodes={node.children} render={render} />
            </details>
          ) : (
            render(node, <Label node={node} />)
          )}
        </li>
      ))}
    </ul>
  );
}

function Label<F>({ node }: { node: TreeNode<F> }) {
  const Icon = imageType(node.path) ? IconPhoto : IconFile;
  return (
    <>
      <Icon size={15} stroke={1.6} aria-hidden />
      <span className={classes.fileName}>{node.name}</span>
    </>
  );
}
